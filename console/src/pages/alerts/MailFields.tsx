import { useTranslation } from 'react-i18next'
import { Field, Input } from '@/ui/field'
import { Select } from '@/ui/select'
import { type ChannelForm, PORTS, SECURITIES } from './channel-form'

const EXAMPLE_HOST = 'smtp.example.com'
const EXAMPLE_SENDER = 'mainspring@example.com'
const EXAMPLE_RECIPIENTS = 'sre@example.com'

interface MailFieldsProps {
  form: ChannelForm
  /** Whether a password is kept already. */
  kept: boolean
  onChange: (next: Partial<ChannelForm>) => void
}

/** By which mail server, from whom and to whom. */
export function MailFields({ form, kept, onChange }: MailFieldsProps) {
  const { t } = useTranslation()
  type Text = 'host' | 'username' | 'sender' | 'recipients'
  const text = (name: Text) => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      onChange({ [name]: event.target.value }),
  })
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('channels.host')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={253}
            placeholder={EXAMPLE_HOST}
            {...text('host')}
          />
        )}
      </Field>
      <div className="grid grid-cols-[1fr_6rem] gap-4">
        <Field label={t('channels.security')}>
          {(control) => (
            <Select
              {...control}
              value={form.security}
              onChange={(event) => {
                const security = SECURITIES.find((one) => one === event.target.value)
                if (security) onChange({ security, port: PORTS[security] })
              }}
            >
              {SECURITIES.map((one) => (
                <option key={one} value={one}>
                  {t(`channels.securities.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('channels.port')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={1}
              max={65_535}
              className="tabular"
              value={Number.isNaN(form.port) ? '' : form.port}
              onChange={(event) => onChange({ port: event.target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
      <Field label={t('channels.sender')}>
        {(control) => (
          <Input
            {...control}
            type="email"
            required
            placeholder={EXAMPLE_SENDER}
            {...text('sender')}
          />
        )}
      </Field>
      <Field label={t('channels.recipients')} hint={t('channels.recipientsHint')}>
        {(control) => (
          <Input {...control} required placeholder={EXAMPLE_RECIPIENTS} {...text('recipients')} />
        )}
      </Field>
      {form.security === 'none' ? null : (
        <>
          <Field label={t('channels.username')}>
            {(control) => (
              <Input {...control} autoComplete="off" maxLength={320} {...text('username')} />
            )}
          </Field>
          <Field
            label={t('channels.password')}
            hint={t(kept ? 'channels.passwordKept' : 'channels.passwordHint')}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="off"
                required={form.username.trim() !== '' && !kept}
                maxLength={1_000}
                value={form.password}
                onChange={(event) => onChange({ password: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  )
}
