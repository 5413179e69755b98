-- The limits that several gateways share. One call is one atomic step: all bounds hold, or nothing
-- is taken.
--
-- KEYS[1]  prefix of every key, with a hash tag, so that a cluster keeps all of them together
-- ARGV[1]  operation: reserve | renew | settle | release
-- ARGV[2]  the time in seconds, or "" for the server's own
-- ARGV[3]  id of the lease
-- ARGV[4]  JSON, see each operation
--
-- Keys:    <prefix>w:<subject>|<window>   hash of counters: requests, tokens, budget<currency>
--          <prefix>c:<subject>            how many calls run at once
--          <prefix>l:<lease>              what a lease holds
--          <prefix>x:<lease>              a lease that was ended, for as long as that may be repeated
--          <prefix>leases                 every lease by the time at which it is overdue

local prefix = KEYS[1]
local operation = ARGV[1]
local now
if ARGV[2] == '' then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
else
  now = tonumber(ARGV[2])
end
local lease = ARGV[3]
local lengths = {second = 1, minute = 60}

local function whole(number)
  return string.format('%.0f', number)
end

local function count(key, field, amount, ttl)
  redis.call('HINCRBY', key, field, whole(amount))
  redis.call('EXPIRE', key, whole(ttl))
end

-- Ends a lease. `used` nil gives back everything; otherwise it holds tokens and budget.
local function finish(id, used)
  local packed = redis.call('GET', prefix .. 'l:' .. id)
  if not packed then return false end
  redis.call('DEL', prefix .. 'l:' .. id)
  redis.call('ZREM', prefix .. 'leases', id)
  local held = cjson.decode(packed)
  for _, subject in ipairs(held.places) do
    local key = prefix .. 'c:' .. subject
    if tonumber(redis.call('GET', key) or '0') > 1 then
      redis.call('DECR', key)
    else
      redis.call('DEL', key)
    end
  end
  for _, each in ipairs(held.amounts) do
    -- each: subject, period, window, field, kind, amount, ttl
    local subject, period, window, field, kind = each[1], each[2], each[3], each[4], each[5]
    local change = -each[6]
    if used then
      if kind == 'requests' then change = 0
      elseif kind == 'tokens' then change = used.tokens - each[6]
      else change = used.budget - each[6] end
    end
    local key = prefix .. 'w:' .. subject .. '|' .. period .. '|' .. window
    local length = lengths[period]
    if length and change > 0 then
      -- More than was reserved is charged to the present: it must not vanish with an old window.
      window = whole(math.floor(now / length))
      key = prefix .. 'w:' .. subject .. '|' .. period .. '|' .. window
      count(key, field, change, 3 * length)
    elseif change ~= 0 and redis.call('EXISTS', key) == 1 then
      redis.call('HINCRBY', key, field, whole(change))
    end
  end
  return true
end

-- Takes from one window, or says why not. Returns left, reset; or nil and the wait (-1: in vain).
local function look(subject, period, window, field, amount, cap, ends)
  local length = lengths[period]
  local key = prefix .. 'w:' .. subject .. '|' .. period .. '|'
  if not length then
    local used = tonumber(redis.call('HGET', key .. window, field) or '0')
    if used + amount > cap then
      return nil, amount > cap and -1 or math.max(ends - now, 0)
    end
    return cap - used - amount, ends - now
  end
  local present = math.floor(now / length)
  local used = tonumber(redis.call('HGET', key .. whole(present), field) or '0')
  local before = tonumber(redis.call('HGET', key .. whole(present - 1), field) or '0')
  local elapsed = now - present * length
  local room = cap - amount
  if used + before * (1 - elapsed / length) > room then
    if room < 0 then return nil, -1 end
    if used <= room then
      return nil, math.max(length * (1 - (room - used) / before) - elapsed, 0)
    end
    return nil, (length - elapsed) + length * (1 - room / used)
  end
  local reset = length - elapsed
  if used + amount > 0 then reset = reset + length elseif before <= 0 then reset = 0 end
  return math.floor(room - used - before * (1 - elapsed / length)), reset
end

-- Whoever did not come back in time gets nothing held for it any more.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'leases', '-inf', now, 'LIMIT', 0, 20)) do
  finish(id, nil)
  redis.call('ZREM', prefix .. 'leases', id)
end

if operation == 'renew' then
  -- {ids, lease_s}: the gateway that holds these leases is alive.
  local alive = cjson.decode(ARGV[4])
  for _, id in ipairs(alive.ids) do
    redis.call('ZADD', prefix .. 'leases', 'XX', now + alive.lease_s, id)
  end
  return 1
end

if operation == 'settle' or operation == 'release' then
  -- {tokens, budget, amounts = {{subject, period, window, field, amount, ttl}, ...}}
  -- The mark makes a repetition harmless, and stops a reservation that is on its way still.
  if not redis.call('SET', prefix .. 'x:' .. lease, '1', 'EX', 600, 'NX') then return 0 end
  local used = operation == 'settle' and cjson.decode(ARGV[4]) or nil
  if not finish(lease, used) and used then
    -- The lease is not known: it was granted while this server was away, or was given up since.
    for _, each in ipairs(used.amounts) do
      count(prefix .. 'w:' .. each[1] .. '|' .. each[2] .. '|' .. each[3], each[4], each[5], each[6])
    end
  end
  return 1
end

local asked = cjson.decode(ARGV[4])

-- reserve: {lease_s, places = {{subject, cap}, ...},
--           amounts = {{subject, period, window, field, kind, amount, cap, ends, ttl}, ...}}
if redis.call('EXISTS', prefix .. 'x:' .. lease) == 1 then
  return {'over'}
end
for index, place in ipairs(asked.places) do
  if tonumber(redis.call('GET', prefix .. 'c:' .. place[1]) or '0') >= place[2] then
    return {'place', index}
  end
end
local held = {places = {}, amounts = {}}
local tightest = {}
for index, each in ipairs(asked.amounts) do
  local left, seconds = look(each[1], each[2], each[3], each[4], each[6], each[7], each[8])
  if not left then return {'amount', index, tostring(seconds)} end
  local kind = each[5]
  if kind ~= 'budget' and (not tightest[kind] or left < tightest[kind][2]) then
    tightest[kind] = {each[7], left, seconds}
  end
  local window = each[3]
  local ttl = each[9]
  local length = lengths[each[2]]
  if length then
    window = whole(math.floor(now / length))
    ttl = 3 * length
  end
  held.amounts[index] = {each[1], each[2], window, each[4], kind, each[6], ttl}
end
for _, each in ipairs(held.amounts) do
  count(prefix .. 'w:' .. each[1] .. '|' .. each[2] .. '|' .. each[3], each[4], each[6], each[7])
end
for index, place in ipairs(asked.places) do
  redis.call('INCR', prefix .. 'c:' .. place[1])
  held.places[index] = place[1]
end
redis.call('SET', prefix .. 'l:' .. lease, cjson.encode(held))
redis.call('ZADD', prefix .. 'leases', now + asked.lease_s, lease)
local told = {'held'}
for _, kind in ipairs({'requests', 'tokens'}) do
  local each = tightest[kind]
  told[#told + 1] = each and whole(each[1]) or ''
  told[#told + 1] = each and whole(each[2]) or ''
  told[#told + 1] = each and tostring(each[3]) or ''
end
return told
