/** A rule as a form holds it, and as the API takes it. */
import type { AccessRule, NewAccessRule } from '@/api/types'

export interface StepForm {
  /** Tells the rows of the form apart; it is not sent. */
  row: number
  name: string
  /** As rules spell them, with commas in between. */
  approvers: string
  need: 'any' | 'all'
}

export interface RuleForm {
  name: string
  position: string
  enabled: boolean
  models: string
  tags: string
  dataClasses: string[]
  minCost: string
  moreThanDays: string
  denies: string
  steps: StepForm[]
}

const NANOS = 1e9

export const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，\n]/)
      .map((one) => one.trim())
      .filter(Boolean),
  ),
]

export function formOf(rule: AccessRule | null): RuleForm {
  return {
    name: rule?.name ?? '',
    position: String(rule?.position ?? 100),
    enabled: rule?.enabled ?? true,
    models: rule?.models.join(', ') ?? '',
    tags: rule?.tags.join(', ') ?? '',
    dataClasses: rule?.data_classes ?? [],
    minCost: rule?.min_cost == null ? '' : String(rule.min_cost / NANOS),
    moreThanDays: rule?.more_than_days == null ? '' : String(rule.more_than_days),
    denies: rule?.denies ?? '',
    steps:
      rule?.steps.map(({ name, approvers, need }, row) => ({
        row,
        name,
        approvers: approvers.join(', '),
        need: need ?? 'any',
      })) ?? [],
  }
}

const numberOf = (text: string) => (text.trim() === '' ? null : Number(text))

/** What the API takes. A rule that denies asks nobody. */
export function bodyOf(form: RuleForm): Omit<NewAccessRule, 'org_id'> {
  const cost = numberOf(form.minCost)
  return {
    name: form.name.trim(),
    position: Number(form.position),
    enabled: form.enabled,
    models: listOf(form.models),
    tags: listOf(form.tags),
    data_classes: form.dataClasses as NonNullable<NewAccessRule['data_classes']>,
    min_cost: cost === null ? null : Math.round(cost * NANOS),
    more_than_days: numberOf(form.moreThanDays),
    denies: form.denies.trim(),
    steps: form.denies.trim()
      ? []
      : form.steps.map(({ name, approvers, need }) => ({
          name: name.trim(),
          approvers: listOf(approvers),
          need,
        })),
  }
}
