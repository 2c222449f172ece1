#!/bin/sh
# Fetches Apache Kafka's jars with Maven and checks their SHA-256 sums: install.sh DIRECTORY
# The directory appears complete and checked, or not at all.
set -eu

directory=$1
here=$(cd "$(dirname "$0")" && pwd)
part=$PWD/$directory.part

rm -rf "$part" "$directory"
mkdir -p "$part"
echo "salesbell: fetching Apache Kafka's jars into $directory"
mvn --batch-mode --strict-checksums --file "$here/pom.xml" -Dstyle.color=never \
  dependency:copy-dependencies -DoutputDirectory="$part" >"$part.log" 2>&1 </dev/null || {
  tail -n 20 "$part.log" >&2
  echo "salesbell: Maven could not fetch the jars (its last words are above)." >&2
  exit 1
}

(cd "$part" && sha256sum --check --strict --quiet "$here/jars.sha256") || {
  echo "salesbell: the jars in $part are not those of deploy/dev/kafka/jars.sha256." >&2
  echo "  Remove that directory and Maven's copies in ~/.m2, then run make again." >&2
  exit 1
}
touch "$part/.verified"
rm "$part.log"
mv "$part" "$directory"
