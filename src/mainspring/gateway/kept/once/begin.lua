-- Begins a call, or tells how it stands with the one that was begun before.
--
-- KEYS: what is kept of the call; its lease, which lives as long as the gateway that makes it.
-- ARGV: what a new call starts as; its life; the lease's life (both in milliseconds); the lease.
-- Returns what is kept ('' for a new call), and whether the lease lives.

local kept = redis.call('GET', KEYS[1])
if not kept then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
  return {'', 1}
end
return {kept, redis.call('EXISTS', KEYS[2])}
