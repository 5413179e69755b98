/**
 * The shapes of `/api/v1` that the console reads, by the names it uses for them. They come from
 * control's own OpenAPI document (`schema.d.ts`); times are RFC 3339 in UTC.
 */
import type { components } from './schema'

type Schemas = components['schemas']

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export type Session = Schemas['SessionView']
export type Organization = Schemas['OrganizationOutline']
export type Project = Schemas['ProjectOutline']
export type SetupState = Schemas['SetupState']
export type SetupBody = Required<Schemas['NewAdministrator']>
export type Language = SetupBody['language']

export type ApiKey = Schemas['KeyView']
/** The only answer that ever holds the secret. */
export type CreatedKey = Schemas['CreatedKeyView']
export type CreateKeyBody = Schemas['NewKey']

export type Model = Schemas['ModelView']
export type Upstream = Schemas['UpstreamView']

export type SystemInfo = Schemas['SystemInfo']
export type UsageRecord = Schemas['UsageRecordView']

/** Documented as words of the field; the schema says only that it is a text. */
export type PartState =
  | 'starting'
  | 'ready'
  | 'degraded'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'lost'

export interface Part extends Omit<Schemas['PartView'], 'state'> {
  state: PartState
}
