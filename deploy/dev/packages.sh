#!/bin/sh
# Installs Debian packages for the commands that are missing: packages.sh COMMAND=PACKAGE...
# Silent when every command is there. Without root, or off Debian, it says what to install.
# Services among them are neither started nor left enabled: tests start their own.
set -eu

packages=
for pair; do
  command -v "${pair%%=*}" >/dev/null || packages="$packages ${pair#*=}"
done
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "salesbell: this machine lacks:$packages (names of Debian packages)." >&2
  echo "  Install the same with your package manager, then run make again." >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "salesbell: this machine lacks:$packages. Run this, then make again:" >&2
  echo "  sudo apt-get update && sudo apt-get install -y$packages" >&2
  exit 1
fi

log=$(mktemp)
policy=/usr/sbin/policy-rc.d
if [ -e "$policy" ]; then
  trap 'rm -f "$log"' EXIT
else
  trap 'rm -f "$log" "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi
echo "salesbell: installing Debian packages:$packages"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of package names
if ! { apt-get update && apt-get install -y --no-install-recommends $packages; } \
  >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "salesbell: apt-get could not install:$packages (its last words are above)." >&2
  exit 1
fi
for package in $packages; do
  # A package that is no service has no such unit.
  ! command -v systemctl >/dev/null || systemctl disable --quiet "$package" 2>/dev/null || true
done
