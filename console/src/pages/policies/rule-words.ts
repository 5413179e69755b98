import type { TFunction } from 'i18next'
import type { ParameterRule } from '@/api/types'
import { typedOf } from './policy-form'

/** What a rule says, in a few words each. */
export function ruleWords(rule: ParameterRule, t: TFunction): string[] {
  if (rule.deny) return [t(`policies.denies.${rule.deny}`)]
  const { min, max } = rule
  const said = [
    rule.force === null || rule.force === undefined
      ? ''
      : t('policies.words.force', { value: typedOf(rule.force) }),
    rule.default === null || rule.default === undefined
      ? ''
      : t('policies.words.default', { value: typedOf(rule.default) }),
    min === null || min === undefined ? '' : t('policies.words.min', { value: min }),
    max === null || max === undefined ? '' : t('policies.words.max', { value: max }),
    rule.values ? t('policies.words.values', { values: rule.values.map(typedOf).join(', ') }) : '',
  ].filter(Boolean)
  return rule.beyond === 'refuse' ? [...said, t('policies.words.refuse')] : said
}
