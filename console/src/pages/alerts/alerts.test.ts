import { describe, expect, it } from 'vitest'
import type { Alert, Channel, Silence } from '@/api/types'
import { changeOf, creationOf, formOf } from './channel-form'
import {
  allMeet,
  fits,
  isTooWide,
  matchersOf,
  silencedBy,
  silenceState,
  summaryIn,
  worstFirst,
  written,
} from './matching'
import { alertsSearch } from './search'

const ALERT: Alert = {
  id: 'alr_1',
  org_id: null,
  source: 'slo',
  name: 'BudgetGoesFast',
  severity: 'warning',
  state: 'firing',
  labels: { model: 'writer' },
  summary: 'Too many errors',
  summary_zh: '',
  description: '',
  runbook_url: '',
  runbook_url_zh: '',
  started_at: '2026-03-01T00:00:00Z',
  seen_at: '2026-03-01T00:00:00Z',
  ended_at: null,
}

const SILENCE: Silence = {
  id: 'sil_1',
  org_id: null,
  matchers: [{ label: 'model', value: 'wri*' }],
  starts_at: '2026-03-01T10:00:00Z',
  until: '2026-03-01T12:00:00Z',
  reason: 'move',
  created_by: 'usr_1',
  created_at: '2026-03-01T09:00:00Z',
}

const CHANNEL: Channel = {
  id: 'nch_1',
  org_id: null,
  name: 'team',
  kind: 'email',
  host: 'smtp.example.com',
  is_signed: false,
  email: {
    host: 'smtp.example.com',
    port: 465,
    security: 'tls',
    username: 'sender',
    sender: 'a@example.com',
    recipients: ['b@example.com'],
  },
  language: 'both',
  min_severity: 'warning',
  matchers: [{ label: 'source', value: 'slo', negated: true }],
  group_by: [],
  group_wait_s: 0,
  group_interval_s: 60,
  repeat_interval_s: 3_600,
  send_resolved: false,
  enabled: true,
  created_at: '2026-03-01T00:00:00Z',
  updated_at: '2026-03-01T00:00:00Z',
  revision: 3,
}

describe('a matcher', () => {
  it.each([
    ['writer', 'writer', true],
    ['writer', 'writers', false],
    ['*', '', true],
    ['wri*', 'writer', true],
    ['*ter', 'writer', true],
    ['w*t*r', 'writer', true],
    ['ab*ba', 'aba', false],
    ['a*b*b', 'ab', false],
    ['', 'x', false],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected)
  })

  it('goes by labels, name, severity and source, and takes a missing label for empty', () => {
    const meets = (label: string, value: string, negated = false) =>
      allMeet([{ label, value, negated }], ALERT)
    expect(meets('alertname', 'Budget*')).toBe(true)
    expect(meets('severity', 'critical', true)).toBe(true)
    expect(meets('source', 'alertmanager')).toBe(false)
    expect(meets('region', '')).toBe(true)
    expect(meets('region', 'eu')).toBe(false)
    expect(allMeet([], ALERT)).toBe(true)
  })

  it('is written as on the command line', () => {
    expect(written({ label: 'a', value: 'b' })).toBe('a=b')
    expect(written({ label: 'a', value: 'b', negated: true })).toBe('a!=b')
  })

  it('comes from rows with a label only', () => {
    expect(
      matchersOf([
        { row: 0, label: ' model ', value: ' x ', negated: false },
        { row: 1, label: ' ', value: 'y', negated: true },
      ]),
    ).toEqual([{ label: 'model', value: 'x', negated: false }])
  })

  it('alone must say what a label is before it may silence', () => {
    expect(isTooWide([])).toBe(true)
    expect(isTooWide([{ label: 'a', value: '**' }])).toBe(true)
    expect(isTooWide([{ label: 'a', value: 'b', negated: true }])).toBe(true)
    expect(isTooWide([{ label: 'a', value: 'b*' }])).toBe(false)
  })
})

describe('a silence', () => {
  it.each([
    ['2026-03-01T09:59:59Z', 'planned'],
    ['2026-03-01T10:00:00Z', 'active'],
    ['2026-03-01T12:00:00Z', 'over'],
  ] as const)('at %s is %s', (at, expected) => {
    expect(silenceState(SILENCE, Date.parse(at))).toBe(expected)
    expect(silencedBy(ALERT, [SILENCE], Date.parse(at))).toBe(
      expected === 'active' ? SILENCE : undefined,
    )
  })
})

describe('the form of a channel', () => {
  it('says what the channel says, and nothing of what is sealed', () => {
    expect(changeOf(formOf(CHANNEL), CHANNEL)).toEqual({
      name: 'team',
      email: CHANNEL.email,
      language: 'both',
      min_severity: 'warning',
      matchers: CHANNEL.matchers,
      group_by: [],
      group_wait_s: 0,
      group_interval_s: 60,
      repeat_interval_s: 3_600,
      send_resolved: false,
      enabled: true,
    })
  })

  it('sends each kind only the keys that it has', () => {
    const filled = { ...formOf(null), name: 'a', url: ' https://x ', secret: 's', password: 'p' }
    const keys = (kind: Channel['kind']) => {
      const { url, secret, password } = creationOf({ ...filled, kind })
      return { url, secret, password }
    }
    expect(keys('webhook')).toEqual({ url: 'https://x', secret: 's', password: undefined })
    expect(keys('slack')).toEqual({ url: 'https://x', secret: undefined, password: undefined })
    expect(keys('email')).toEqual({ url: undefined, secret: undefined, password: 'p' })
  })

  it('takes the password away with its user name', () => {
    const change = changeOf({ ...formOf(CHANNEL), security: 'none' }, CHANNEL)
    expect(change).toMatchObject({ password: null, email: { username: null, security: 'none' } })
  })
})

it('speaks Chinese where there is a text, and English otherwise', () => {
  expect(summaryIn(ALERT, 'zh-CN')).toBe('Too many errors')
  expect(summaryIn({ ...ALERT, summary_zh: '错误过多' }, 'zh-CN')).toBe('错误过多')
})

it('puts the worst first, of equal ones the newest', () => {
  const worse = { ...ALERT, id: 'worse', severity: 'critical' as const }
  const newer = { ...ALERT, id: 'newer', started_at: '2027-01-01T00:00:00Z' }
  expect(worstFirst([ALERT, newer, worse]).map(({ id }) => id)).toEqual(['worse', 'newer', 'alr_1'])
})

it('keeps of an address what it knows', () => {
  expect(alertsSearch({ section: 'silences', of: 'x', stage: 'all', past: 1, open: '' })).toEqual({
    section: 'silences',
    of: undefined,
    stage: 'all',
    severity: undefined,
    open: undefined,
    past: 1,
  })
})
