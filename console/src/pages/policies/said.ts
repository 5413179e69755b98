import type { EffectivePolicy } from '@/api/types'
import { typedOf } from './policy-form'

type Parameter = EffectivePolicy['parameters'][number]
type Sourced = NonNullable<Parameter['max']>

export interface Said {
  what:
    | 'denied'
    | 'force'
    | 'default'
    | 'min'
    | 'max'
    | 'refused_below'
    | 'refused_above'
    | 'values'
    | 'values_refused'
  value: string
  source: Sourced['source']
}

const SINGLE = [
  'denied',
  'force',
  'default',
  'min',
  'max',
  'refused_below',
  'refused_above',
] as const

/** Everything that is said of a parameter, each with who says it. */
export function saidOf(parameter: Parameter): Said[] {
  const single = SINGLE.flatMap((what): Said[] => {
    const said = parameter[what]
    return said ? [{ what, value: typedOf(said.value), source: said.source }] : []
  })
  const lists = parameter.allowed.map(
    ({ refuses, values, source }): Said => ({
      what: refuses ? 'values_refused' : 'values',
      value: values.map(typedOf).join(', '),
      source,
    }),
  )
  return [...single, ...lists]
}
