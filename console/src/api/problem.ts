/**
 * What can go wrong when the control plane is asked: problem details (RFC 9457) of ours, or no
 * answer at all. Every error carries the code by which the console finds its translated words.
 */

/** One wrong field of a request body. */
export interface FieldError {
  field: string
  message: string
}

export interface ProblemFields {
  status: number
  code: string
  title: string
  detail: string
  nextStep: string
  requestId: string | null
  fields: FieldError[]
  /** The change that waits for a second person, where that is the problem. */
  changeId?: string | null
}

/** An answer of control that does not say that it was done; `status` 0 says that no answer came. */
export class ApiError extends Error implements ProblemFields {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly nextStep: string
  readonly requestId: string | null
  readonly fields: FieldError[]
  readonly changeId: string | null

  constructor(problem: ProblemFields) {
    super(problem.detail || problem.title)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail
    this.nextStep = problem.nextStep
    this.requestId = problem.requestId
    this.fields = problem.fields
    this.changeId = problem.changeId ?? null
  }
}

/** Codes that the console itself gives to failures which no server described. */
export const UNREACHABLE = 'network_unreachable'
export const UNREADABLE = 'unreadable_answer'
export const BROKEN_OFF = 'answer_broken_off'

/** The code of control for what was kept and not done: it needs a second person. */
export const CHANGE_PENDING = 'change_pending'

export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: UNREACHABLE,
    title: '',
    detail: '',
    nextStep: '',
    requestId: null,
    fields: [],
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The field that an error names: `body.password`, `["body", "password"]` → `password`. */
function fieldName(error: Record<string, unknown>): string {
  const place = error.field ?? error.loc ?? error.pointer
  const parts = Array.isArray(place) ? place.map(String) : text(place).split(/[./]/)
  return parts.filter((part) => part && part !== 'body' && part !== '#').join('.')
}

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return []
  return value.filter(isRecord).map((error) => ({
    field: fieldName(error),
    message: text(error.message) || text(error.msg) || text(error.detail),
  }))
}

/**
 * Read an error body. Control answers with problem details; the playground passes the gateway's
 * OpenAI-shaped errors on; anything else (a proxy in between) becomes {@link UNREADABLE}.
 */
export function readProblem(status: number, body: unknown): ApiError {
  if (isRecord(body) && typeof body.code === 'string') {
    return new ApiError({
      status,
      code: body.code,
      title: text(body.title),
      detail: text(body.detail),
      nextStep: text(body.next_step),
      requestId: text(body.request_id) || null,
      fields: fieldErrors(body.errors),
      changeId: text(body.change_id) || null,
    })
  }
  if (isRecord(body) && isRecord(body.error)) {
    const error = body.error
    return new ApiError({
      status,
      code: text(error.code) || text(error.type) || UNREADABLE,
      title: text(error.message),
      detail: text(error.message),
      nextStep: text(error.next_step),
      requestId: text(error.request_id) || null,
      fields: [],
    })
  }
  return new ApiError({
    status,
    code: UNREADABLE,
    title: '',
    detail: '',
    nextStep: '',
    requestId: null,
    fields: [],
  })
}

/** Any thrown value as an {@link ApiError}, so that a screen has one thing to show. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : unreachable()
}
