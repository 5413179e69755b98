import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { Select } from '@/ui/select'
import type { RuleRow } from './policy-form'

/** What most rules are about; any other member of a request can be typed as well. */
const KNOWN = [
  'temperature',
  'top_p',
  'max_tokens',
  'n',
  'context_length',
  'tools',
  'response_format',
  'reasoning_effort',
  'logprobs',
  'logit_bias',
  'stream',
] as const

interface RuleFieldsProps {
  rule: RuleRow
  /** Which line it is, counted from one. */
  place: number
  onChange: (changed: Partial<RuleRow>) => void
  onDrop: () => void
}

/** What may be said of one parameter. */
export function RuleFields({ rule, place, onChange, onDrop }: RuleFieldsProps) {
  const { t } = useTranslation()
  const input = (name: 'name' | 'preset' | 'forced' | 'min' | 'max' | 'values') => ({
    value: rule[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      onChange({ [name]: event.target.value }),
  })
  return (
    <div data-rule={place} className="rounded-lg border border-line p-3">
      <div className="flex items-end gap-2">
        <Field label={t('policies.parameter')} className="min-w-0 flex-1">
          {(control) => (
            <Input
              {...control}
              required
              maxLength={64}
              list="known-parameters"
              {...input('name')}
            />
          )}
        </Field>
        <Field label={t('policies.deny')} className="min-w-0 flex-1">
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={rule.deny}
              onChange={(event) =>
                onChange({
                  deny:
                    (['', 'drop', 'refuse'] as const).find((one) => one === event.target.value) ??
                    '',
                })
              }
            >
              <option value="">{t('policies.allowed')}</option>
              <option value="drop">{t('policies.denies.drop')}</option>
              <option value="refuse">{t('policies.denies.refuse')}</option>
            </Select>
          )}
        </Field>
        <Button
          tone="ghost"
          size="icon"
          aria-label={t('policies.dropRule', { place })}
          onClick={onDrop}
        >
          <X aria-hidden />
        </Button>
      </div>
      <datalist id="known-parameters">
        {KNOWN.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rule.deny ? null : (
        <div className="mt-3 grid grid-cols-2 gap-3 sm:grid-cols-4">
          <Field label={t('policies.default')}>
            {(control) => <Input {...control} {...input('preset')} />}
          </Field>
          <Field label={t('policies.force')}>
            {(control) => <Input {...control} {...input('forced')} />}
          </Field>
          <Field label={t('policies.min')}>
            {(control) => (
              <Input {...control} type="number" step="any" className="tabular" {...input('min')} />
            )}
          </Field>
          <Field label={t('policies.max')}>
            {(control) => (
              <Input {...control} type="number" step="any" className="tabular" {...input('max')} />
            )}
          </Field>
          <Field label={t('policies.values')} className="col-span-2">
            {(control) => <Input {...control} {...input('values')} />}
          </Field>
          <Field label={t('policies.beyond')} className="col-span-2">
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={rule.beyond}
                onChange={(event) =>
                  onChange({ beyond: event.target.value === 'refuse' ? 'refuse' : 'clamp' })
                }
              >
                <option value="clamp">{t('policies.beyonds.clamp')}</option>
                <option value="refuse">{t('policies.beyonds.refuse')}</option>
              </Select>
            )}
          </Field>
        </div>
      )}
    </div>
  )
}
