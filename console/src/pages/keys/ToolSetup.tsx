import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { modelsQuery, systemInfoQuery } from '@/api/queries'
import { keyLine, needsKeyLine, TOOLS, type Tool, toolSnippet } from '@/format/tool-snippets'
import { CodeBlock } from '@/ui/code'
import { Select } from '@/ui/select'
import { Skeleton } from '@/ui/skeleton'

interface ToolSetupProps {
  organizationId: string
  /** The models that the key may call; `null` for all of them. */
  allowed: string[] | null
  secret?: string
}

/** How a tool is pointed at this gateway with this key. */
export function ToolSetup({ organizationId, allowed, secret }: ToolSetupProps) {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
  const { data: models } = useQuery(modelsQuery(organizationId))
  const [tool, setTool] = useState<Tool>('curl')
  const model = models?.items.find(
    ({ name, tasks }) => tasks.includes('chat') && (allowed?.includes(name) ?? true),
  )?.name
  if (!info || !models) return <Skeleton className="h-40 w-full" />
  if (!model) return null
  const setup = { gatewayUrl: info.gateway_url, model, secret, question: t('home.sampleQuestion') }
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="font-medium text-ink text-sm">{t('keys.setUp')}</p>
        <Select
          aria-label={t('keys.tool')}
          value={tool}
          onChange={(event) => setTool(event.target.value as Tool)}
        >
          {TOOLS.map((one) => (
            <option key={one} value={one}>
              {t(`tools.${one}`)}
            </option>
          ))}
        </Select>
      </div>
      {needsKeyLine(tool) ? <CodeBlock code={keyLine(setup)} label={t('keys.secret')} /> : null}
      <CodeBlock code={toolSnippet(tool, setup)} label={t(`tools.${tool}`)} />
    </div>
  )
}
