import { Link } from '@tanstack/react-router'
import { MessagesSquare, RotateCw } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tokensPerSecond } from '@/api/chat'
import type { Price } from '@/api/types'
import { money } from '@/format/money'
import { count, duration, rate } from '@/format/number'
import { Button } from '@/ui/button'
import { CopyButton } from '@/ui/copy'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import type { Turn } from './conversation'
import { costOf } from './extras'
import type { Chat } from './use-chat'

const NEAR_END_PX = 80

interface TranscriptProps {
  chat: Chat
  /** What the model's tokens cost. */
  price?: Price | null | undefined
  /** Tells conversations side by side apart. */
  label?: string
}

/** The conversation so far; follows the answer unless the reader has scrolled away. */
export function Transcript({ chat, price, label }: TranscriptProps) {
  const { t } = useTranslation()
  const log = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each token may move the end
  useEffect(() => {
    if (following.current && log.current) log.current.scrollTop = log.current.scrollHeight
  }, [chat.turns])
  return (
    <div
      ref={log}
      role="log"
      aria-label={label ?? t('playground.conversation')}
      aria-busy={chat.streaming}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        following.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX
      }}
      className="focus-inset min-h-0 flex-1 overflow-y-auto rounded-t-xl"
    >
      {chat.turns.length === 0 ? (
        <Beginning chat={chat} />
      ) : (
        <div className="mx-auto max-w-4xl space-y-7 p-4 sm:p-6">
          {chat.turns.map((turn, index) => (
            <TurnView
              key={turn.id}
              turn={turn}
              price={price}
              onAgain={index === chat.turns.length - 1 && !chat.streaming ? chat.again : undefined}
            />
          ))}
        </div>
      )}
    </div>
  )
}

const SUGGESTIONS = ['explain', 'list', 'rewrite'] as const

function Beginning({ chat }: { chat: Chat }) {
  const { t } = useTranslation()
  return (
    <div className="grid h-full place-items-center">
      <Empty
        icon={MessagesSquare}
        title={t('playground.emptyTitle')}
        action={
          <ul className="flex flex-wrap justify-center gap-2">
            {SUGGESTIONS.map((one) => (
              <li key={one}>
                <Button
                  size="sm"
                  className="h-auto min-h-8 whitespace-normal rounded-full py-1.5"
                  onClick={() => chat.ask(t(`playground.suggestions.${one}`))}
                >
                  {t(`playground.suggestions.${one}`)}
                </Button>
              </li>
            ))}
          </ul>
        }
      >
        {t('playground.emptyText')}
      </Empty>
    </div>
  )
}

interface TurnViewProps {
  turn: Turn
  price: Price | null | undefined
  onAgain: (() => void) | undefined
}

function TurnView({ turn, price, onAgain }: TurnViewProps) {
  const { t } = useTranslation()
  const text = turn.answer?.text ?? ''
  return (
    <article className="space-y-3" data-turn={turn.state}>
      <div className="flex justify-end">
        <p className="wrap-anywhere max-w-[85%] whitespace-pre-wrap rounded-2xl rounded-ee-md bg-accent-soft px-4 py-2.5 text-base text-ink">
          <span className="sr-only">
            {t('playground.you')}
            {t('common.colon')}
          </span>
          {turn.question}
          {turn.images?.map((url) => (
            <img key={url} src={url} alt="" className="mt-2 max-h-48 rounded-lg" />
          ))}
        </p>
      </div>
      <div>
        <p className="mb-1 font-medium text-ink-faint text-xs">{turn.model}</p>
        {text || turn.state === 'streaming' ? (
          <p
            data-answer
            className="wrap-anywhere max-w-[75ch] whitespace-pre-wrap text-base text-ink leading-relaxed"
          >
            {text}
            {turn.state === 'streaming' ? (
              <span
                aria-hidden
                className="ms-0.5 inline-block h-4 w-2 translate-y-0.5 animate-shimmer rounded-sm bg-accent-ink"
              />
            ) : null}
          </p>
        ) : null}
        {turn.answer?.toolCalls?.map((called) => (
          <div key={`${called.name}/${called.arguments}`} data-tool={called.name} className="mt-1">
            <p className="font-medium text-ink text-sm">
              {t('requestDetail.toolCall', { name: called.name })}
            </p>
            <pre className="wrap-anywhere whitespace-pre-wrap font-mono text-ink-soft text-xs">
              {called.arguments}
            </pre>
          </div>
        ))}
        {turn.error ? <Problem error={turn.error} className="mt-1" /> : null}
        <footer className="mt-2 flex min-h-7 flex-wrap items-center gap-x-1">
          <Metrics turn={turn} price={price} />
          {turn.state === 'streaming' ? null : (
            <span className="ms-auto flex items-center">
              {turn.answer?.requestId ? (
                <Link
                  to="/requests"
                  search={{ request: turn.answer.requestId }}
                  data-request={turn.answer.requestId}
                  className="me-1 rounded px-1.5 font-medium text-accent-ink text-xs underline"
                >
                  {t('playground.request')}
                </Link>
              ) : null}
              {text ? <CopyButton text={text} label={t('playground.answer')} /> : null}
              {onAgain ? (
                <Button
                  tone="ghost"
                  size="icon-sm"
                  aria-label={t('playground.again')}
                  onClick={onAgain}
                >
                  <RotateCw aria-hidden />
                </Button>
              ) : null}
            </span>
          )}
        </footer>
      </div>
    </article>
  )
}

interface MetricsProps {
  turn: Turn
  price: Price | null | undefined
}

function Metrics({ turn: { answer, state }, price }: MetricsProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  if (!answer) return null
  const speed = tokensPerSecond(answer)
  const cost = costOf(answer.usage, price)
  const facts: [string, string | null][] = [
    ['ttft', answer.ttftMs === null ? null : duration(answer.ttftMs, language)],
    ['speed', speed === null ? null : t('playground.perSecond', { rate: rate(speed, language) })],
    ['total', duration(answer.totalMs, language)],
    [
      'usage',
      answer.usage
        ? t('requests.tokenFlow', {
            input: count(answer.usage.input, language),
            output: count(answer.usage.output, language),
          })
        : null,
    ],
    ['cost', cost === null ? null : money(cost, price?.currency ?? 'USD', language)],
  ]
  return (
    <dl className="tabular flex flex-wrap gap-x-4 gap-y-0.5 text-ink-faint text-xs">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="flex gap-1.5" data-metric={name}>
            <dt>{t(`playground.metrics.${name as 'ttft'}`)}</dt>
            <dd className="font-medium text-ink-soft">{value}</dd>
          </div>
        ),
      )}
      {state === 'stopped' ? (
        <div>
          <dt className="sr-only">{t('requests.status')}</dt>
          <dd>{t('playground.stopped')}</dd>
        </div>
      ) : null}
      {answer.finishReason === 'length' ? (
        <div>
          <dt className="sr-only">{t('requests.status')}</dt>
          <dd className="text-warn-ink">{t('playground.cutOff')}</dd>
        </div>
      ) : null}
    </dl>
  )
}
