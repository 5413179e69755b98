import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/problem'
import { Button } from '@/ui/button'
import { LogoMark } from '@/ui/logo'
import { Problem } from '@/ui/problem'

const RETRY_MS = 3_000

/** A page that could not be shown: control is away, or we have a fault of our own. */
export function ErrorScreen({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const mayPass = error instanceof ApiError && (error.status === 0 || error.status === 503)
  useEffect(() => {
    if (!mayPass) return
    // A platform that starts or comes back needs nobody to press the button.
    const timer = setInterval(() => {
      reset()
      router.invalidate()
    }, RETRY_MS)
    return () => clearInterval(timer)
  }, [mayPass, reset, router])
  return (
    <main className="mx-auto flex min-h-[60dvh] max-w-lg flex-col justify-center gap-5 p-6">
      <LogoMark />
      {error instanceof ApiError ? (
        <Problem error={error} />
      ) : (
        <div role="alert" className="rounded-lg bg-bad-soft p-4 text-sm">
          <p className="font-medium text-bad-ink">{t('errors.page.title')}</p>
          <p className="mt-1 text-ink-soft">{t('errors.page.nextStep')}</p>
          <pre className="mt-3 whitespace-pre-wrap font-mono text-ink-soft text-xs">
            {error instanceof Error ? error.message : String(error)}
          </pre>
        </div>
      )}
      <div>
        <Button
          tone="primary"
          onClick={() => {
            reset()
            router.invalidate()
          }}
        >
          {t('common.retry')}
        </Button>
      </div>
    </main>
  )
}
