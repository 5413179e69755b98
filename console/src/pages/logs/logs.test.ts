import { expect, it } from 'vitest'
import { asCommand, logSearch } from './search'

it('reads what an address carries and leaves out what it cannot be', () => {
  expect(
    logSearch({ request: 'req_1', level: 'warning', trace: '', range: '1h', text: 7 }),
  ).toEqual({
    range: '1h',
    since: undefined,
    until: undefined,
    request: 'req_1',
    trace: undefined,
    source: undefined,
    text: undefined,
    level: 'warning',
  })
  expect(logSearch({ level: 'loud' }).level).toBeUndefined()
})

it('writes the command for a shell', () => {
  expect(asCommand({})).toBe('mainspring logs')
  expect(asCommand({ request: 'req_1', level: 'error' })).toBe(
    'mainspring logs --request req_1 --level error',
  )
  expect(asCommand({ text: "it's $HOME" })).toBe("mainspring logs --text 'it'\\''s $HOME'")
})
