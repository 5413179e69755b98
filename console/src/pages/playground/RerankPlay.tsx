import { useMutation } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, ListOrdered, Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Model } from '@/api/types'
import { type Ranked, rerank } from '@/api/vectors'
import { recallDraft, rememberDraft } from '@/app/memory'
import { usePlace } from '@/app/session'
import { rerankSnippet } from '@/format/vector-snippets'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Field, Input, Textarea } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Figures } from './Figures'
import { PlayFrame } from './PlayFrame'
import { linesOf } from './similarity'
import { useModelsFor } from './use-models'

const MOST = 100
const DRAFT = 'playground-rerank'

interface Question {
  query: string
  documents: string
}

/** Documents in the order of a question. */
export function RerankPlay() {
  const { t } = useTranslation()
  const found = useModelsFor('rerank')
  const [question, setQuestion] = useState(() =>
    recallDraft<Question>(DRAFT, {
      query: t('playground.sampleQuery'),
      documents: t('playground.sampleDocuments'),
    }),
  )
  useEffect(() => rememberDraft(DRAFT, question), [question])
  const documents = linesOf(question.documents, MOST)
  return (
    <PlayFrame
      play="rerank"
      icon={ListOrdered}
      found={found}
      code={(language, gatewayUrl) =>
        rerankSnippet(language, {
          gatewayUrl,
          model: found.model?.name ?? '',
          query: question.query,
          documents,
        })
      }
    >
      {(model) => (
        <Ordered
          key={model.id}
          model={model}
          question={question}
          documents={documents}
          onQuestion={setQuestion}
        />
      )}
    </PlayFrame>
  )
}

interface OrderedProps {
  model: Model
  question: Question
  documents: string[]
  onQuestion: (question: Question) => void
}

function Ordered({ model, question, documents, onQuestion }: OrderedProps) {
  const { t } = useTranslation()
  const place = usePlace()
  const run = useMutation({
    mutationFn: async (asked: string[]) => ({
      asked,
      ranked: await rerank(
        { projectId: place?.project.id ?? '', model: model.name },
        question.query.trim(),
        asked,
      ),
    }),
  })
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[24rem_minmax(0,1fr)]">
      <Card className="p-4 sm:p-5">
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault()
            run.mutate(documents)
          }}
        >
          <Field label={t('playground.query')}>
            {(control) => (
              <Input
                {...control}
                required
                value={question.query}
                onChange={(event) => onQuestion({ ...question, query: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={t('playground.documents')}
            hint={t('playground.textsHint', { count: MOST })}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={10}
                value={question.documents}
                onChange={(event) => onQuestion({ ...question, documents: event.target.value })}
              />
            )}
          </Field>
          <Button
            type="submit"
            tone="primary"
            icon={<Play aria-hidden />}
            busy={run.isPending}
            disabled={documents.length === 0 || place === null}
          >
            {t('playground.order')}
          </Button>
        </form>
      </Card>
      <Card aria-labelledby="ranks">
        <CardHeader id="ranks" title={t('playground.ranks')} />
        {run.error ? (
          <Problem error={run.error} className="m-4" />
        ) : run.data ? (
          <div className="space-y-4 px-4 pb-5 sm:px-5">
            <Figures figures={run.data.ranked} price={model.price} />
            <Ranks documents={run.data.asked} ranked={run.data.ranked} />
          </div>
        ) : (
          <Empty icon={ListOrdered} title={t('playground.ranksEmpty')}>
            {t('playground.ranksText')}
          </Empty>
        )}
      </Card>
    </div>
  )
}

function Ranks({ documents, ranked }: { documents: string[]; ranked: Ranked }) {
  const { t, i18n } = useTranslation()
  const scores = ranked.results.map(({ score }) => score)
  const [top, bottom] = [Math.max(...scores, 0), Math.min(...scores, 0)]
  const format = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  })
  return (
    <ol className="space-y-2">
      {ranked.results.map(({ index, score }, rank) => {
        const moved = index - rank
        return (
          <li
            key={index}
            data-document={index}
            className="rounded-xl border border-line bg-surface px-4 py-3"
          >
            <div className="flex items-baseline gap-3 text-sm">
              <span className="tabular w-6 shrink-0 text-ink-faint">{rank + 1}</span>
              <span className="wrap-anywhere min-w-0 flex-1 text-ink">{documents[index]}</span>
              {moved === 0 ? null : (
                <span className="tabular inline-flex items-center gap-0.5 text-ink-faint text-xs">
                  {moved > 0 ? (
                    <ArrowUp aria-hidden className="size-3" />
                  ) : (
                    <ArrowDown aria-hidden className="size-3" />
                  )}
                  <span className="sr-only">
                    {t(moved > 0 ? 'playground.up' : 'playground.down')}
                  </span>
                  {Math.abs(moved)}
                </span>
              )}
              <span className="tabular font-medium text-ink">{format.format(score)}</span>
            </div>
            <span aria-hidden className="mt-2 block h-1.5 overflow-hidden rounded-full bg-hover">
              <span
                className="block h-full rounded-full bg-accent"
                style={{
                  width: `${top > bottom ? ((score - bottom) / (top - bottom)) * 100 : 0}%`,
                }}
              />
            </span>
          </li>
        )
      })}
    </ol>
  )
}
