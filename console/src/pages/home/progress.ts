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

export function progressOf(parts: Part[], models: Model[], records: UsageRecord[]): Progress {
  const answers = records.filter(({ status }) => status < 400)
  const firstAnswer = answers.at(-1) ?? null
  const steps: Step[] = [
    { id: 'parts', done: parts.length > 0 && parts.every(({ state }) => state === 'ready') },
    { id: 'model', done: models.some(({ targets }) => targets.length > 0) },
    { id: 'request', done: firstAnswer !== null },
  ]
  return { steps, finished: firstAnswer !== null, firstAnswer }
}
