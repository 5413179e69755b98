/** A channel as the form holds it, and as the API takes it. */
import type { Channel, NewChannel } from '@/api/types'
import { type MatcherRow, matchersOf, rowsOf } from './matching'
import type { Severity } from './search'

export const KINDS = ['webhook', 'slack', 'wecom', 'dingtalk', 'feishu', 'email'] as const

export type Kind = (typeof KINDS)[number]

/** Whether messages to it can be signed. */
export const signs = (kind: Kind) => kind === 'webhook' || kind === 'dingtalk' || kind === 'feishu'

export const PORTS = { starttls: 587, tls: 465, none: 25 } as const

export type Security = keyof typeof PORTS

export const SECURITIES = Object.keys(PORTS) as Security[]

export interface ChannelForm {
  kind: Kind
  name: string
  /** What is sealed is never read back: an empty one stays as it is. */
  url: string
  secret: string
  password: string
  host: string
  port: number
  security: Security
  username: string
  sender: string
  recipients: string
  language: NonNullable<NewChannel['language']>
  minSeverity: Severity
  matchers: MatcherRow[]
  groupBy: string
  groupWaitS: number
  groupIntervalS: number
  repeatIntervalS: number
  sendResolved: boolean
  enabled: boolean
}

export function formOf(channel: Channel | null): ChannelForm {
  const mail = channel?.email
  return {
    kind: channel?.kind ?? 'webhook',
    name: channel?.name ?? '',
    url: '',
    secret: '',
    password: '',
    host: mail?.host ?? '',
    port: mail?.port ?? PORTS.starttls,
    security: mail?.security ?? 'starttls',
    username: mail?.username ?? '',
    sender: mail?.sender ?? '',
    recipients: mail?.recipients.join(', ') ?? '',
    language: channel?.language ?? 'en',
    minSeverity: channel?.min_severity ?? 'info',
    matchers: rowsOf(channel?.matchers ?? []),
    groupBy: (channel?.group_by ?? ['alertname']).join(', '),
    groupWaitS: channel?.group_wait_s ?? 30,
    groupIntervalS: channel?.group_interval_s ?? 300,
    repeatIntervalS: channel?.repeat_interval_s ?? 14_400,
    sendResolved: channel?.send_resolved ?? true,
    enabled: channel?.enabled ?? true,
  }
}

const words = (text: string): string[] => [...new Set(text.split(/[\s,，;]+/).filter(Boolean))]

function termsOf(form: ChannelForm) {
  return {
    ...(form.kind === 'email'
      ? {
          email: {
            host: form.host.trim(),
            port: form.port,
            security: form.security,
            username: form.security === 'none' ? null : form.username.trim() || null,
            sender: form.sender.trim(),
            recipients: words(form.recipients),
          },
        }
      : {}),
    language: form.language,
    min_severity: form.minSeverity,
    matchers: matchersOf(form.matchers),
    group_by: words(form.groupBy),
    group_wait_s: form.groupWaitS,
    group_interval_s: form.groupIntervalS,
    repeat_interval_s: form.repeatIntervalS,
    send_resolved: form.sendResolved,
    enabled: form.enabled,
  }
}

/** What is sealed, as far as it was entered and the kind has it. */
function keysOf(form: ChannelForm) {
  const mail = form.kind === 'email'
  return {
    ...(!mail && form.url.trim() ? { url: form.url.trim() } : {}),
    ...(signs(form.kind) && form.secret ? { secret: form.secret } : {}),
    ...(mail && form.security !== 'none' && form.password ? { password: form.password } : {}),
  }
}

export const creationOf = (form: ChannelForm): NewChannel => ({
  name: form.name.trim(),
  kind: form.kind,
  ...keysOf(form),
  ...termsOf(form),
})

/**
 * What a change sends: the keys only where one was entered. A user name that goes takes its
 * password with it.
 */
export function changeOf(form: ChannelForm, before: Channel) {
  const terms = termsOf(form)
  const loses = before.email?.username && terms.email && terms.email.username === null
  return {
    name: form.name.trim(),
    ...terms,
    ...keysOf(form),
    ...(loses ? { password: null } : {}),
  }
}
