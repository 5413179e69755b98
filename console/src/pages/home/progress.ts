/** The way to the first answer, step by step; each step is read from what the platform does. */
import type { Model, Part, UsageRecord } from '@/api/types'

export type StepId = 'parts' | 'model' | 'request'

export interface Step {
  id: StepId
  done: boolean
}

export interface Progress {
  steps: Step[]
  finished: boolean
  /** The earliest successful call, if there was one. */
  firstAnswer: UsageRecord | null
}

const isReady = ({ state }: Part) => state === 'ready'

/** `parts` is `null` for people who may not see them; their list then begins with the model. */
export function progressOf(
  parts: Part[] | null,
  models: Model[],
  records: UsageRecord[],
): Progress {
  const answers = records.filter(({ status }) => status < 400)
  const firstAnswer = answers.at(-1) ?? null
  const steps: Step[] = [
    ...(parts === null
      ? []
      : [{ id: 'parts' as const, done: parts.length > 0 && parts.every(isReady) }]),
    { id: 'model', done: models.some(({ targets }) => targets.length > 0) },
    { id: 'request', done: firstAnswer !== null },
  ]
  return { steps, finished: firstAnswer !== null, firstAnswer }
}
