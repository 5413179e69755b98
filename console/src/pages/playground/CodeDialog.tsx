import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trans, useTranslation } from 'react-i18next'
import type { ChatMessage } from '@/api/chat'
import { systemInfoQuery } from '@/api/queries'
import { chatSnippet, SNIPPET_LANGUAGES } from '@/format/snippets'
import { CodeBlock } from '@/ui/code'
import { Dialog } from '@/ui/dialog'
import { Tabs } from '@/ui/tabs'
import { extrasOf } from './extras'
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
  const { data: info } = useQuery(systemInfoQuery)
  const asked = messages.some(({ role }) => role === 'user')
  const shown: ChatMessage[] = asked
    ? messages
    : [...messages, { role: 'user', content: t('home.sampleQuestion') }]
  const code = (language: (typeof SNIPPET_LANGUAGES)[number]) =>
    chatSnippet(language, {
      gatewayUrl: info?.gateway_url ?? '',
      model,
      messages: shown.map(shortened),
      extra: extrasOf(settings).body,
      temperature: settings.temperature,
      maxTokens: settings.maxTokens,
      stream: true,
    })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('playground.viewCode')}
      description={
        <Trans
          i18nKey="playground.codeHint"
          components={{
            keys: <Link to="/keys" className="font-medium text-accent-ink underline" />,
          }}
        />
      }
      className="sm:max-w-3xl"
    >
      <Tabs.Root defaultValue="python">
        <Tabs.List aria-label={t('home.snippetLanguage')}>
          {SNIPPET_LANGUAGES.map((language) => (
            <Tabs.Trigger key={language} value={language}>
              {t(`snippets.${language}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {SNIPPET_LANGUAGES.map((language) => (
          <Tabs.Content key={language} value={language} className="mt-3 outline-offset-4">
            <CodeBlock code={code(language)} label={t(`snippets.${language}`)} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
