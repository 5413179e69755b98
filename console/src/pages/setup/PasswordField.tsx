import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PASSWORD_MIN, passwordStrength, type Strength } from '@/format/password'
import { Button } from '@/ui/button'
import { cx } from '@/ui/cx'
import { Field, Input } from '@/ui/field'

const BARS: Record<Strength, string> = {
  0: '',
  1: 'bg-bad',
  2: 'bg-warn',
  3: 'bg-ok',
  4: 'bg-ok',
}

interface PasswordFieldProps {
  value: string
  onChange: (value: string) => void
  /** The person's own words, which a password should not contain. */
  known: string[]
  error?: string | undefined
  /** By default simply a password. */
  label?: string
}

/** A new password with its strength as it is typed. */
export function PasswordField({ value, onChange, known, error, label }: PasswordFieldProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const strength = passwordStrength(value, known)
  return (
    <div>
      <Field
        label={label ?? t('setup.password')}
        hint={t('setup.passwordHint', { count: PASSWORD_MIN })}
        error={error}
      >
        {(control) => (
          <span className="relative">
            <Input
              {...control}
              type={shown ? 'text' : 'password'}
              autoComplete="new-password"
              required
              minLength={PASSWORD_MIN}
              value={value}
              onChange={(event) => onChange(event.target.value)}
              className="pe-11"
            />
            <Button
              tone="ghost"
              size="icon-sm"
              className="absolute end-1 top-1"
              aria-pressed={shown}
              aria-label={t('setup.showPassword')}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            </Button>
          </span>
        )}
      </Field>
      <div className="mt-2 flex items-center gap-3">
        <span aria-hidden className="grid flex-1 grid-cols-4 gap-1">
          {([1, 2, 3, 4] as const).map((step) => (
            <span
              key={step}
              className={cx(
                'h-1 rounded-full bg-hover transition-colors',
                strength >= step && BARS[strength],
              )}
            />
          ))}
        </span>
        <span role="status" className="min-w-16 text-end text-ink-soft text-xs">
          {strength === 0 ? null : t(`setup.strength.${strength}`)}
        </span>
      </div>
    </div>
  )
}
