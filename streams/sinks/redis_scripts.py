"""The Redis sink's scripts: each applies one key's score whole, or not at all."""

from __future__ import annotations

from typing import Final

#: Apply a score if it is newer than what is there.
#:
#: KEYS: hash, changes. ARGV: leaderboard, entity, version, as-of in microseconds, as_of, score,
#: coverage, parent, json, whether it is listed, changes to keep, key.
#: Answers 1 if applied, 0 if it was there already, -1 if something newer is.
APPLY: Final = """
local known = redis.call('HMGET', KEYS[1], 'version', 'as_of_us', 'parent')
if known[1] then
  local version, as_of = tonumber(known[1]), tonumber(known[2])
  local new_version, new_as_of = tonumber(ARGV[3]), tonumber(ARGV[4])
  if new_version == version and new_as_of == as_of then return 0 end
  if new_version < version or (new_version == version and new_as_of < as_of) then return -1 end
end
if known[3] and known[3] ~= '' and known[3] ~= ARGV[8] then
  redis.call('ZREM', ARGV[1] .. ':' .. known[3], ARGV[2])
end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'as_of_us', ARGV[4], 'as_of', ARGV[5],
  'score', ARGV[6], 'coverage', ARGV[7], 'parent', ARGV[8], 'json', ARGV[9])
local boards = {ARGV[1]}
if ARGV[8] ~= '' then boards[2] = ARGV[1] .. ':' .. ARGV[8] end
for _, board in ipairs(boards) do
  if ARGV[10] == '1' then
    redis.call('ZADD', board, ARGV[6], ARGV[2])
  else
    redis.call('ZREM', board, ARGV[2])
  end
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[11], '*', 'key', ARGV[12], 'version', ARGV[3],
  'as_of', ARGV[5], 'score', ARGV[6])
return 1
"""

#: Remove a score. KEYS: hash, changes. ARGV: leaderboard, entity, changes to keep, key.
#: Answers 1 if it was there, else 0.
REMOVE: Final = """
local parent = redis.call('HGET', KEYS[1], 'parent')
if not parent then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', ARGV[1], ARGV[2])
if parent ~= '' then redis.call('ZREM', ARGV[1] .. ':' .. parent, ARGV[2]) end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'key', ARGV[4], 'removed', '1')
return 1
"""
