import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { systemInfoQuery } from '@/api/queries'
import type { Model } from '@/api/types'
import { chatSnippet, exportKey, SNIPPET_LANGUAGES, type SnippetLanguage } from '@/format/snippets'
import { CodeBlock } from '@/ui/code'
import { Skeleton } from '@/ui/skeleton'
import { Tabs } from '@/ui/tabs'

/** A call to copy: this gateway's address, a model that is here, the generated key. */
export function FirstCall({ models }: { models: Model[] }) {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
  const [language, setLanguage] = useState<SnippetLanguage>('curl')
  if (!info) return <Skeleton className="h-48 w-full" />
  const model = models.find(({ tasks }) => tasks.includes('chat'))?.name ?? 'smollm2-135m-instruct'
  const key = exportKey(info.home ? { file: `${info.home}/first-key` } : null)
  const code = (one: SnippetLanguage) => {
    const call = chatSnippet(one, {
      gatewayUrl: info.gateway_url,
      model,
      messages: [{ role: 'user', content: t('home.sampleQuestion') }],
      stream: one === 'curl',
    })
    return one === 'curl' ? `${key}\n${call}` : call
  }
  return (
    <Tabs.Root value={language} onValueChange={(next) => setLanguage(next as SnippetLanguage)}>
      <Tabs.List aria-label={t('home.snippetLanguage')}>
        {SNIPPET_LANGUAGES.map((one) => (
          <Tabs.Trigger key={one} value={one}>
            {t(`snippets.${one}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {SNIPPET_LANGUAGES.map((one) => (
        <Tabs.Content key={one} value={one} className="mt-2.5 outline-offset-4">
          <CodeBlock code={code(one)} label={t(`snippets.${one}`)} />
          {one === 'curl' ? null : (
            <p className="mt-2 text-ink-faint text-xs">
              {t('home.keyFirst')} <code className="wrap-anywhere font-mono">{key}</code>
            </p>
          )}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
