import { useMutation } from '@tanstack/react-query'
import { Grid3x3, Play } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { type Embedded, embed } from '@/api/vectors'
import { recallDraft, rememberDraft } from '@/app/memory'
import { usePlace } from '@/app/session'
import { embeddingsSnippet } from '@/format/vector-snippets'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Field, Textarea } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Figures } from './Figures'
import { PlayFrame } from './PlayFrame'
import { SimilarityTable } from './SimilarityTable'
import { linesOf, matrixOf } from './similarity'
import { useModelsFor } from './use-models'

/** So many texts are compared at once: a matrix of more is not read. */
const MOST = 24
const DRAFT = 'playground-embeddings'

/** Texts made into vectors, and how alike they are. */
export function EmbeddingsPlay() {
  const { t } = useTranslation()
  const found = useModelsFor('embedding')
  const [text, setText] = useState(() => recallDraft(DRAFT, t('playground.sampleTexts')))
  useEffect(() => rememberDraft(DRAFT, text), [text])
  const texts = linesOf(text, MOST)
  return (
    <PlayFrame
      play="embeddings"
      icon={Grid3x3}
      found={found}
      code={(language, gatewayUrl) =>
        embeddingsSnippet(language, { gatewayUrl, model: found.model?.name ?? '', texts })
      }
    >
      {(model) => (
        <Compared key={model.id} model={model} text={text} texts={texts} onText={setText} />
      )}
    </PlayFrame>
  )
}

interface ComparedProps {
  model: Model
  text: string
  texts: string[]
  onText: (text: string) => void
}

function Compared({ model, text, texts, onText }: ComparedProps) {
  const { t } = useTranslation()
  const place = usePlace()
  const run = useMutation({
    mutationFn: async (asked: string[]) => ({
      asked,
      embedded: await embed({ projectId: place?.project.id ?? '', model: model.name }, asked),
    }),
  })
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[24rem_minmax(0,1fr)]">
      <Card className="p-4 sm:p-5">
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            run.mutate(texts)
          }}
        >
          <Field label={t('playground.texts')} hint={t('playground.textsHint', { count: MOST })}>
            {(control) => (
              <Textarea
                {...control}
                rows={12}
                value={text}
                onChange={(event) => onText(event.target.value)}
              />
            )}
          </Field>
          <Button
            type="submit"
            tone="primary"
            icon={<Play aria-hidden />}
            busy={run.isPending}
            disabled={texts.length === 0 || place === null}
          >
            {t('playground.compare')}
          </Button>
        </form>
      </Card>
      <Card aria-labelledby="similarity">
        <CardHeader id="similarity" title={t('playground.similarity')} />
        {run.error ? (
          <Problem error={run.error} className="m-4" />
        ) : run.data ? (
          <Result texts={run.data.asked} embedded={run.data.embedded} model={model} />
        ) : (
          <Empty icon={Grid3x3} title={t('playground.similarityEmpty')}>
            {t('playground.similarityText')}
          </Empty>
        )}
      </Card>
    </div>
  )
}

interface ResultProps {
  texts: string[]
  embedded: Embedded
  model: Model
}

function Result({ texts, embedded, model }: ResultProps) {
  const { t } = useTranslation()
  const matrix = useMemo(() => matrixOf(embedded.vectors), [embedded.vectors])
  const closest = matrix.closest?.map((place) => texts[place] ?? '')
  return (
    <div className="space-y-4 px-4 pb-5 sm:px-5">
      <Figures
        figures={embedded}
        price={model.price}
        more={[[t('playground.dimensions'), String(embedded.vectors[0]?.length ?? 0)]]}
      />
      {closest ? (
        <p className="wrap-anywhere text-ink text-sm" data-closest>
          {t('playground.closest', { first: closest[0], second: closest[1] })}
        </p>
      ) : null}
      <SimilarityTable texts={texts} matrix={matrix} />
    </div>
  )
}
