import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trans, useTranslation } from 'react-i18next'
import { systemInfoQuery } from '@/api/queries'
import { SNIPPET_LANGUAGES, type SnippetLanguage } from '@/format/snippets'
import { CodeBlock } from '@/ui/code'
import { Dialog } from '@/ui/dialog'
import { Tabs } from '@/ui/tabs'

interface ProgramDialogProps {
  code: (language: SnippetLanguage, gatewayUrl: string) => string
  onClose: () => void
}

/** What the page did, as a program would do it. */
export function ProgramDialog({ code, onClose }: ProgramDialogProps) {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
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
            <CodeBlock
              code={code(language, info?.gateway_url ?? '')}
              label={t(`snippets.${language}`)}
            />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
