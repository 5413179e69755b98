import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { systemInfoQuery } from '@/api/queries'
import type { Model } from '@/api/types'
import { Card, CardHeader } from '@/ui/card'
import { CopyButton } from '@/ui/copy'
import { FirstCall } from './FirstCall'

/** How a program reaches the gateway. */
export function Connect({ models }: { models: Model[] }) {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
  return (
    <Card aria-labelledby="connect" className="max-wide:order-last">
      <CardHeader id="connect" title={t('home.connect')} />
      <div className="space-y-3 px-4 pb-4 sm:px-5 sm:pb-5">
        {info ? (
          <div className="flex items-center gap-2">
            <span className="text-ink-faint text-xs">{t('home.gateway')}</span>
            <code className="min-w-0 truncate font-mono text-ink text-xs">{info.gateway_url}</code>
            <CopyButton text={info.gateway_url} label={t('home.gateway')} className="ms-auto" />
          </div>
        ) : null}
        <FirstCall models={models} />
      </div>
    </Card>
  )
}
