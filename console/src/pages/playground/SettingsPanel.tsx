import { useTranslation } from 'react-i18next'
import { Field, Input, Textarea } from '@/ui/field'
import { Slider } from '@/ui/slider'
import { extrasOf } from './extras'
import type { ChatSettings } from './use-chat'

interface SettingsPanelProps {
  settings: ChatSettings
  onChange: (settings: ChatSettings) => void
}

const MAX_TOKENS = 32_768

const EXAMPLES = {
  tools:
    '[{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]',
  schema: '{"type": "object", "properties": {"answer": {"type": "string"}}}',
}

/** How the model is asked: system prompt and sampling. */
export function SettingsPanel({ settings, onChange }: SettingsPanelProps) {
  const { t } = useTranslation()
  const { wrong } = extrasOf(settings)
  return (
    <div className="space-y-5">
      <Field label={t('playground.system')} hint={t('playground.systemHint')}>
        {(control) => (
          <Textarea
            {...control}
            rows={6}
            value={settings.system}
            placeholder={t('playground.systemPlaceholder')}
            onChange={(event) => onChange({ ...settings, system: event.target.value })}
          />
        )}
      </Field>
      <div>
        <div className="flex items-baseline justify-between">
          <span aria-hidden className="font-medium text-ink text-sm">
            {t('playground.temperature')}
          </span>
          <output className="tabular text-ink-soft text-sm">
            {settings.temperature.toFixed(1)}
          </output>
        </div>
        <Slider
          label={t('playground.temperature')}
          min={0}
          max={2}
          step={0.1}
          value={settings.temperature}
          onChange={(temperature) => onChange({ ...settings, temperature })}
        />
        <p className="text-ink-faint text-xs">{t('playground.temperatureHint')}</p>
      </div>
      <Field label={t('playground.maxTokens')} hint={t('playground.maxTokensHint')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={1}
            max={MAX_TOKENS}
            value={settings.maxTokens}
            className="tabular"
            onChange={(event) => {
              const maxTokens = Math.round(event.target.valueAsNumber)
              if (maxTokens >= 1 && maxTokens <= MAX_TOKENS) onChange({ ...settings, maxTokens })
            }}
          />
        )}
      </Field>
      {(['tools', 'schema'] as const).map((name) => (
        <details key={name} open={settings[name] !== ''}>
          <summary className="cursor-pointer font-medium text-ink text-sm">
            {t(`playground.${name}`)}
          </summary>
          <Field
            className="mt-2"
            label={<span className="sr-only">{t(`playground.${name}`)}</span>}
            hint={t(`playground.${name}Hint`)}
            error={wrong[name] ? t('explorer.notJson') : undefined}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={5}
                spellCheck={false}
                className="font-mono text-xs"
                placeholder={EXAMPLES[name]}
                value={settings[name]}
                onChange={(event) => onChange({ ...settings, [name]: event.target.value })}
              />
            )}
          </Field>
        </details>
      ))}
    </div>
  )
}
