/** A grant of a restricted model as the form holds it, and as the API takes it. */
import type { NewModelGrant } from '@/api/types'

/** For how many days; 0: until it is taken back. */
export const GRANT_DAYS = [0, 7, 30, 90, 180, 365] as const

export interface GrantForm {
  modelId: string
  /** Empty: all projects of the organisation. */
  projectId: string
  days: number
  reason: string
}

const DAY_MS = 86_400_000

export const grantOf = (form: GrantForm, orgId: string, nowMs: number): NewModelGrant => ({
  model_id: form.modelId,
  org_id: orgId,
  project_id: form.projectId || null,
  reason: form.reason.trim(),
  expires_at: form.days > 0 ? new Date(nowMs + form.days * DAY_MS).toISOString() : null,
})

/** Whether a grant is good no more: gateways refuse it from that second on. */
export const isExpired = ({ expires_at }: { expires_at: string | null }, nowMs: number) =>
  expires_at !== null && Date.parse(expires_at) <= nowMs
