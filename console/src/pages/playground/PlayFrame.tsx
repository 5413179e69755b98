import { Link } from '@tanstack/react-router'
import { Code, Library, type LucideIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import type { SnippetLanguage } from '@/format/snippets'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { PlayTabs } from './PlayTabs'
import { ProgramDialog } from './ProgramDialog'
import type { Play } from './search'
import type { useModelsFor } from './use-models'

interface PlayFrameProps {
  play: Exclude<Play, 'chat'>
  icon: LucideIcon
  found: ReturnType<typeof useModelsFor>
  code: (language: SnippetLanguage, gatewayUrl: string) => string
  /** What one writes, and what comes of it. */
  children: (model: Model) => ReactNode
}

/** The frame of what is tried beside chat: which model, the same as a program, or how to get one. */
export function PlayFrame({ play, icon, found, code, children }: PlayFrameProps) {
  const { t } = useTranslation()
  const [showCode, setShowCode] = useState(false)
  const { models, model, error, choose } = found
  return (
    <Page
      title={t('pages.playground')}
      description={t(`playground.playTexts.${play}`)}
      actions={
        <>
          <PlayTabs play={play} />
          {model ? (
            <>
              <Select
                aria-label={t('playground.model')}
                className="w-full min-w-60 sm:w-72"
                value={model.name}
                onChange={(event) => choose(event.target.value)}
              >
                {models?.map(({ id, name }) => (
                  <option key={id} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
              <Button icon={<Code aria-hidden />} onClick={() => setShowCode(true)}>
                {t('playground.viewCode')}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      {error ? (
        <Problem error={error} />
      ) : models === undefined ? (
        <Card>
          <SkeletonRows />
        </Card>
      ) : model ? (
        children(model)
      ) : (
        <Card>
          <Empty
            icon={icon}
            title={t(`playground.noModel.${play}`)}
            action={
              <Button asChild tone="primary">
                <Link to="/catalog">
                  <Library aria-hidden />
                  {t('pages.catalog')}
                </Link>
              </Button>
            }
          >
            {t(`playground.noModelText.${play}`)}
          </Empty>
        </Card>
      )}
      {showCode ? <ProgramDialog code={code} onClose={() => setShowCode(false)} /> : null}
    </Page>
  )
}
