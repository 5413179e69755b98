import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Code, Columns2, SlidersHorizontal, Trash2, X } from 'lucide-react'
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
import { MOST_COMPARED, othersOf } from './extras'
import { PlayTabs } from './PlayTabs'
import { SettingsPanel } from './SettingsPanel'
import { Transcript } from './Transcript'
import type { ChatSettings } from './use-chat'
import { together, useColumns } from './use-columns'

const DEFAULTS: ChatSettings = {
  system: '',
  temperature: 0.7,
  maxTokens: 256,
  tools: '',
  schema: '',
}

/** Beside each other on a wide screen, below each other on a phone. */
const COLUMNS = [
  '',
  '',
  'md:grid-cols-2',
  'md:grid-cols-2 2xl:grid-cols-3',
  'md:grid-cols-2 2xl:grid-cols-4',
]

/** Talk to up to four models through the gateway, with the figures that an engineer wants to see. */
export function ChatPlay() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const place = usePlace()
  const search = useSearch({ from: '/app/playground' })
  const models = useQuery(modelsQuery(place?.organization.id))
  const [settings, setSettings] = useState(() => ({
    ...DEFAULTS,
    // What an older page has left may lack a setting.
    ...recallDraft<Partial<ChatSettings>>('playground-settings', {}),
  }))
  const [panel, setPanel] = useState(false)
  const [showCode, setShowCode] = useState(false)
  useEffect(() => rememberDraft('playground-settings', settings), [settings])

  const chatModels = models.data?.items.filter(({ tasks }) => tasks.includes('chat')) ?? []
  const model = search.model ?? chatModels[0]?.name ?? ''
  const beside = othersOf(search.beside)
  const columns = useColumns(place?.project.id ?? '', [model, ...beside], settings)
  const chat = together(columns)
  const several = columns.length > 1
  const choose = (first: string, others: string[]) =>
    navigate({
      to: '/playground',
      search: (before) => ({ ...before, model: first, beside: others.join(',') || undefined }),
      replace: true,
    })
  const options = (chosen: string) => (
    <>
      {chosen && !chatModels.some(({ name }) => name === chosen) ? (
        <option value={chosen}>{chosen}</option>
      ) : null}
      {chatModels.map(({ id, name }) => (
        <option key={id} value={name}>
          {name}
        </option>
      ))}
    </>
  )
  const priceOf = (name: string) => models.data?.items.find((one) => one.name === name)?.price
  const next =
    chatModels.find(({ name }) => name !== model && !beside.includes(name))?.name ?? undefined

  return (
    <Page
      title={t('pages.playground')}
      description={t('playground.description')}
      actions={
        <>
          <PlayTabs play="chat" />
          <Select
            aria-label={t('playground.model')}
            className="w-full min-w-60 sm:w-72"
            value={model}
            disabled={!models.data}
            onChange={(event) => choose(event.target.value, beside)}
          >
            {options(model)}
          </Select>
          <Button
            icon={<Columns2 aria-hidden />}
            disabled={next === undefined || columns.length >= MOST_COMPARED || chat.streaming}
            onClick={() => next && choose(model, [...beside, next])}
          >
            {t('playground.beside')}
          </Button>
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
          className={cx(
            'flex min-h-96 flex-col overflow-hidden',
            several
              ? 'md:h-[calc(100dvh-13.5rem)]'
              : 'h-[calc(100dvh-13.5rem)] max-sm:h-[calc(100dvh-19.5rem)]',
          )}
        >
          <div
            className={cx(
              'grid min-h-0 flex-1 auto-rows-[minmax(14rem,1fr)] overflow-y-auto',
              COLUMNS[columns.length],
            )}
          >
            {columns.map((column, index) => (
              <div
                key={column.model}
                data-column={column.model}
                className="flex min-h-0 min-w-0 flex-col border-line not-last:border-e max-md:not-last:border-b"
              >
                {several ? (
                  <header className="flex items-center gap-2 min-h-10 border-line border-b px-4 py-1.5 sm:px-6">
                    <h2 className="min-w-0 flex-1 truncate font-medium text-ink text-sm">
                      {column.model}
                    </h2>
                    {index === 0 ? null : (
                      <Button
                        tone="ghost"
                        size="icon-sm"
                        disabled={chat.streaming}
                        aria-label={t('catalog.drop', { name: column.model })}
                        onClick={() => {
                          // What follows moves up: its conversation was with another model.
                          for (const each of columns.slice(index)) each.chat.clear()
                          choose(
                            model,
                            beside.filter((name) => name !== column.model),
                          )
                        }}
                      >
                        <X aria-hidden />
                      </Button>
                    )}
                  </header>
                ) : null}
                <Transcript
                  chat={several ? { ...column.chat, ask: chat.ask } : column.chat}
                  price={priceOf(column.model)}
                  {...(several
                    ? { label: t('playground.conversationWith', { model: column.model }) }
                    : {})}
                />
              </div>
            ))}
          </div>
          <Composer chat={chat} disabled={!model || !place} />
        </Card>
      </div>
      {showCode ? (
        <CodeDialog
          model={model}
          messages={messagesOf(columns[0]?.chat.turns ?? [], settings.system)}
          settings={settings}
          onClose={() => setShowCode(false)}
        />
      ) : null}
    </Page>
  )
}
