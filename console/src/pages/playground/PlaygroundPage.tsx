import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Code, SlidersHorizontal, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { modelsQuery } from '@/api/queries'
import { recallDraft, rememberDraft } from '@/app/memory'
import { usePlace } from '@/app/session'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { cx } from '@/ui/cx'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { CodeDialog } from './CodeDialog'
import { Composer } from './Composer'
import { messagesOf } from './conversation'
import { SettingsPanel } from './SettingsPanel'
import { Transcript } from './Transcript'
import { type ChatSettings, useChat } from './use-chat'

const DEFAULTS: ChatSettings = { system: '', temperature: 0.7, maxTokens: 256 }

/** Talk to a model through the gateway, with the figures that an engineer wants to see. */
export default function PlaygroundPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const place = usePlace()
  const search = useSearch({ from: '/app/playground' })
  const models = useQuery(modelsQuery(place?.organization.id))
  const [settings, setSettings] = useState(() => recallDraft('playground-settings', DEFAULTS))
  const [panel, setPanel] = useState(false)
  const [showCode, setShowCode] = useState(false)
  useEffect(() => rememberDraft('playground-settings', settings), [settings])

  const chatModels = models.data?.items.filter(({ tasks }) => tasks.includes('chat')) ?? []
  const model = search.model ?? chatModels[0]?.name ?? ''
  const chat = useChat(place?.project.id ?? '', model, settings)
  const unknown = models.data && search.model && !chatModels.some(({ name }) => name === model)

  return (
    <Page
      title={t('pages.playground')}
      description={t('playground.description')}
      actions={
        <>
          <Select
            aria-label={t('playground.model')}
            className="w-full min-w-60 sm:w-72"
            value={model}
            disabled={!models.data}
            onChange={(event) =>
              navigate({
                to: '/playground',
                search: (before) => ({ ...before, model: event.target.value }),
                replace: true,
              })
            }
          >
            {unknown ? <option value={model}>{model}</option> : null}
            {chatModels.map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
          </Select>
          <Button icon={<Code aria-hidden />} onClick={() => setShowCode(true)}>
            {t('playground.viewCode')}
          </Button>
          <Button
            size="icon"
            className="lg:hidden"
            aria-label={t('playground.settings')}
            aria-expanded={panel}
            aria-controls="playground-settings"
            onClick={() => setPanel(!panel)}
          >
            <SlidersHorizontal aria-hidden />
          </Button>
          <Button
            size="icon"
            aria-label={t('playground.clear')}
            disabled={chat.turns.length === 0}
            onClick={chat.clear}
          >
            <Trash2 aria-hidden />
          </Button>
        </>
      }
    >
      {models.isError ? <Problem error={models.error} className="mb-4" /> : null}
      <div className="grid items-stretch gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Card
          id="playground-settings"
          aria-label={t('playground.settings')}
          className={cx('p-4 sm:p-5 lg:order-last', !panel && 'max-lg:hidden')}
        >
          <SettingsPanel settings={settings} onChange={setSettings} />
        </Card>
        <Card
          aria-label={t('playground.conversation')}
          className="flex h-[calc(100dvh-13.5rem)] min-h-96 flex-col overflow-hidden max-sm:h-[calc(100dvh-16.5rem)]"
        >
          <Transcript chat={chat} />
          <Composer chat={chat} disabled={!model || !place} />
        </Card>
      </div>
      {showCode ? (
        <CodeDialog
          model={model}
          messages={messagesOf(chat.turns, settings.system)}
          settings={settings}
          onClose={() => setShowCode(false)}
        />
      ) : null}
    </Page>
  )
}
