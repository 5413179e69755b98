-- Forgets a call that was perhaps begun, and certainly never made, by whoever took this lease.
--
-- KEYS: what is kept of the call; its lease.
-- ARGV: the lease that may have been taken.

if redis.call('GET', KEYS[2]) == ARGV[1] then
  redis.call('DEL', KEYS[1], KEYS[2])
end
return 0
