import { useTranslation } from 'react-i18next'
import type { ChatMessage } from '@/api/chat'
import { chatSnippet } from '@/format/snippets'
import { extrasOf } from './extras'
import { ProgramDialog } from './ProgramDialog'
import type { ChatSettings } from './use-chat'

/** A message whose pictures are not written out: they are megabytes of letters. */
const shortened = ({ role, content }: ChatMessage) => ({
  role,
  content:
    typeof content === 'string'
      ? content
      : content.map((part) =>
          part.type === 'image_url'
            ? { type: part.type, image_url: { url: `${part.image_url.url.slice(0, 22)}…` } }
            : part,
        ),
})

interface CodeDialogProps {
  model: string
  messages: ChatMessage[]
  settings: ChatSettings
  onClose: () => void
}

/** The conversation as a program would hold it. */
export function CodeDialog({ model, messages, settings, onClose }: CodeDialogProps) {
  const { t } = useTranslation()
  const asked = messages.some(({ role }) => role === 'user')
  const shown: ChatMessage[] = asked
    ? messages
    : [...messages, { role: 'user', content: t('home.sampleQuestion') }]
  return (
    <ProgramDialog
      code={(language, gatewayUrl) =>
        chatSnippet(language, {
          gatewayUrl,
          model,
          messages: shown.map(shortened),
          extra: extrasOf(settings).body,
          temperature: settings.temperature,
          maxTokens: settings.maxTokens,
          stream: true,
        })
      }
      onClose={onClose}
    />
  )
}
