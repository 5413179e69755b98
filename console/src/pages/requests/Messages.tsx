import { Brain, Image, Wrench } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { FullCall } from '@/api/types'
import { optionalText } from '@/i18n'
import { CopyButton } from '@/ui/copy'
import { cx } from '@/ui/cx'
import { Badge } from '@/ui/status'
import { answered, asked, type Message, type Part } from './messages'

/** The question and the answer as a conversation. */
export function Messages({ call }: { call: FullCall }) {
  const { t } = useTranslation()
  const question = asked(call.request)
  const answer = answered(call.answer)
  return (
    <div className="space-y-3">
      {question.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was said does not change
        <MessageView key={`q${index}`} message={message} />
      ))}
      {answer.length > 0 ? (
        <h3 className="pt-2 font-medium text-ink-faint text-xs">{t('requestDetail.answer')}</h3>
      ) : null}
      {answer.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <MessageView key={`a${index}`} message={message} answer />
      ))}
    </div>
  )
}

function MessageView({ message, answer = false }: { message: Message; answer?: boolean }) {
  const { t } = useTranslation()
  const role = optionalText(t, `messageRoles.${message.role}`) ?? message.role
  const text = message.parts.map((part) => part.text).join('\n')
  return (
    <article
      data-role={message.role}
      className={cx(
        'rounded-xl border border-line bg-surface px-4 py-3',
        answer && 'border-accent-ink/40',
      )}
    >
      <header className="mb-1 flex items-center gap-2">
        <span className="font-medium text-ink-faint text-xs">{role}</span>
        {message.finish && message.finish !== 'stop' ? (
          <Badge tone="warn">{message.finish}</Badge>
        ) : null}
        <CopyButton text={text} label={role} className="-me-2 ms-auto" />
      </header>
      <div className="space-y-2">
        {message.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was said does not change
          <PartView key={index} part={part} />
        ))}
        {message.parts.length === 0 ? (
          <p className="text-ink-faint text-sm">{t('requestDetail.emptyMessage')}</p>
        ) : null}
      </div>
    </article>
  )
}

function PartView({ part }: { part: Part }) {
  const { t } = useTranslation()
  switch (part.kind) {
    case 'text':
      return <p className="wrap-anywhere whitespace-pre-wrap text-base text-ink">{part.text}</p>
    case 'reasoning':
      return (
        <Folded icon={<Brain aria-hidden />} title={t('requestDetail.reasoning')}>
          {part.text}
        </Folded>
      )
    case 'media':
      return (
        <Folded icon={<Image aria-hidden />} title={t('requestDetail.media')}>
          {part.text}
        </Folded>
      )
    case 'tool_call':
      return (
        <Folded
          icon={<Wrench aria-hidden />}
          title={t('requestDetail.toolCall', { name: part.name })}
          open
        >
          {part.text}
        </Folded>
      )
    default:
      return (
        <pre className="wrap-anywhere whitespace-pre-wrap font-mono text-ink text-xs leading-5">
          {part.text}
        </pre>
      )
  }
}

interface FoldedProps {
  icon: ReactNode
  title: string
  open?: boolean
  children: string
}

function Folded({ icon, title, open = false, children }: FoldedProps) {
  return (
    <details open={open} className="rounded-lg border border-line bg-sunken">
      <summary className="flex cursor-pointer items-center gap-2 px-3 py-2 font-medium text-ink-soft text-xs [&_svg]:size-4">
        {icon}
        {title}
      </summary>
      <pre className="wrap-anywhere whitespace-pre-wrap px-3 pb-3 font-mono text-ink text-xs leading-5">
        {children}
      </pre>
    </details>
  )
}
