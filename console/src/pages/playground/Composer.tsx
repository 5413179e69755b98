import { ArrowUp, Square } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { recallDraft, rememberDraft } from '@/app/memory'
import { Button } from '@/ui/button'
import { AttachButton, type Picture, Pictures } from './Pictures'
import type { Chat } from './use-chat'

interface ComposerProps {
  chat: Chat
  disabled: boolean
}

/** Where a question is written; Enter sends it, Shift+Enter begins a new line. */
export function Composer({ chat, disabled }: ComposerProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => recallDraft('playground-text', ''))
  const change = (next: string) => {
    setText(next)
    rememberDraft('playground-text', next)
  }
  const [images, setImages] = useState<Picture[]>([])
  const ready = text.trim() !== '' && !disabled && !chat.streaming
  const submit = () => {
    if (!ready) return
    if (images.length > 0) {
      chat.ask(
        text.trim(),
        images.map(({ url }) => url),
      )
    } else chat.ask(text.trim())
    setImages([])
    change('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter chooses it and must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      className="border-line border-t p-3 sm:p-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Pictures images={images} onChange={setImages} />
      <div className="control flex items-end gap-2 p-1.5 has-[textarea:focus-visible]:border-transparent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-accent-ink">
        <AttachButton onAdd={(added) => setImages((before) => [...before, ...added].slice(0, 4))} />
        <textarea
          aria-label={t('playground.message')}
          placeholder={t('playground.messagePlaceholder')}
          rows={1}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-48 min-h-9 flex-1 resize-none bg-transparent px-2 py-1.5 outline-none placeholder:text-ink-faint"
        />
        {chat.streaming ? (
          <Button
            tone="secondary"
            aria-label={t('playground.stop')}
            onClick={chat.stop}
            icon={<Square aria-hidden className="fill-current" />}
          >
            <span className="max-sm:sr-only">{t('playground.stop')}</span>
          </Button>
        ) : (
          <Button
            type="submit"
            tone="primary"
            size="icon"
            disabled={!ready}
            aria-label={t('playground.send')}
          >
            <ArrowUp aria-hidden />
          </Button>
        )}
      </div>
      <p className="mt-1.5 text-ink-faint text-xs max-sm:hidden">{t('playground.keys')}</p>
    </form>
  )
}
