import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '@/api/client'
import { usePlace, useSession } from '@/app/session'
import { curlOf, pythonOf } from '@/format/api-snippets'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { CodeBlock } from '@/ui/code'
import { Field, Input, Textarea } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Badge } from '@/ui/status'
import { Tabs } from '@/ui/tabs'
import { filled, type Operation, sdkOf, typed } from './document'

/** More of an answer is not shown: a page is no place for megabytes. */
const LONGEST = 200_000
const DAY_MS = 86_400_000

const WAYS = ['curl', 'cli', 'python'] as const

/** One operation: what it takes, how a program calls it, and what it answers to its reader. */
export function OperationPanel({ operation }: { operation: Operation }) {
  const { t } = useTranslation()
  const place = usePlace()
  const { user } = useSession()
  const known: Record<string, string | undefined> = {
    project_id: place?.project.id,
    org_id: place?.organization.id,
    project: place?.project.id,
    user_id: user.id,
    actor: user.id,
    since: new Date(Date.now() - DAY_MS).toISOString(),
  }
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      operation.parameters
        .filter((one) => one.in === 'path' || one.required)
        .map(({ name, example }) => [name, known[name] ?? example]),
    ),
  )
  const [body, setBody] = useState(operation.body ?? '')
  const query = Object.fromEntries(
    operation.parameters
      .filter((one) => one.in === 'query' && values[one.name])
      .map(({ name, kind }) => [name, typed(kind, values[name] ?? '')]),
  )
  const path = filled(operation.path, values)
  const parsed = readJson(body)
  const request = {
    method: operation.method,
    path,
    query,
    ...(operation.body === null ? {} : { body: parsed ?? {} }),
  }
  const method = sdkOf(operation)
  const positional = operation.parameters
    .filter((one) => one.in === 'path')
    .map(({ name }) => values[name] ?? '')
  const codes: Record<(typeof WAYS)[number], string | null> = {
    curl: curlOf(request, location.origin),
    cli: null,
    python: method && pythonOf({ ...request, ...method, positional }, location.origin),
  }
  const run = useMutation({
    mutationFn: async () => {
      const answer = await send(operation.method, path, {
        query,
        ...(operation.body === null ? {} : { body: parsed }),
      })
      const written = (await answer.text()).slice(0, LONGEST)
      return { status: answer.status, text: readable(written) }
    },
    gcTime: 0,
  })
  const safe = operation.method === 'GET' && !operation.path.startsWith('/live')
  const incomplete =
    path.includes('{') ||
    operation.parameters.some((one) => one.required && !values[one.name]) ||
    (operation.body !== null && parsed === undefined)
  return (
    <Card aria-labelledby="operation">
      <CardHeader
        id="operation"
        title={
          <code className="wrap-anywhere font-mono">{`${operation.method} ${operation.path}`}</code>
        }
      >
        <Badge tone="accent">{operation.permission}</Badge>
      </CardHeader>
      <div className="space-y-4 px-4 pb-5 sm:px-5">
        <p className="whitespace-pre-line text-ink-soft text-sm">{operation.summary}</p>
        {operation.parameters.length > 0 ? (
          <div className="grid gap-3 sm:grid-cols-2">
            {operation.parameters.map((one) => (
              <Field
                key={`${one.in}/${one.name}`}
                label={
                  <code className="font-mono">{one.required ? `${one.name} *` : one.name}</code>
                }
                hint={one.description}
              >
                {(control) => (
                  <Input
                    {...control}
                    value={values[one.name] ?? ''}
                    placeholder={one.example}
                    onChange={(event) => setValues({ ...values, [one.name]: event.target.value })}
                  />
                )}
              </Field>
            ))}
          </div>
        ) : null}
        {operation.body === null ? null : (
          <Field
            label={t('explorer.body')}
            error={parsed === undefined ? t('explorer.notJson') : undefined}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={8}
                spellCheck={false}
                className="font-mono text-xs"
                value={body}
                onChange={(event) => setBody(event.target.value)}
              />
            )}
          </Field>
        )}
        <Tabs.Root defaultValue="curl">
          <Tabs.List aria-label={t('asCode.title')}>
            {WAYS.map((way) => (
              <Tabs.Trigger key={way} value={way}>
                {t(`asCode.${way}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {WAYS.map((way) => (
            <Tabs.Content key={way} value={way} className="mt-3 outline-offset-4">
              {codes[way] ? (
                <CodeBlock code={codes[way]} label={t(`asCode.${way}`)} />
              ) : (
                <p className="text-ink-soft text-sm">
                  {t(way === 'cli' ? 'explorer.no.cli' : 'explorer.no.python')}
                </p>
              )}
            </Tabs.Content>
          ))}
        </Tabs.Root>
        {safe ? (
          <Button
            tone="primary"
            icon={<Play aria-hidden />}
            busy={run.isPending}
            disabled={incomplete}
            onClick={() => run.mutate()}
          >
            {t('explorer.run')}
          </Button>
        ) : (
          <p className="text-ink-faint text-xs">{t('explorer.onlyReads')}</p>
        )}
        {run.isError ? <Problem error={run.error} /> : null}
        {run.data ? (
          <div data-answer={run.data.status}>
            <p className="mb-1.5 text-ink-soft text-sm">
              {t('explorer.answer', { status: run.data.status })}
            </p>
            <CodeBlock code={run.data.text} label={t('requestDetail.answer')} />
          </div>
        ) : null}
      </div>
    </Card>
  )
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readable(text: string): string {
  const value = readJson(text)
  return value === undefined ? text : JSON.stringify(value, null, 2)
}
