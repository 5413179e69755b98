import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Enrolment } from '@/api/types'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { CodeBlock } from '@/ui/code'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Problem } from '@/ui/problem'
import { SecretOnce } from '@/ui/secret'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'

const factorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => call<{ enabled: boolean }>('GET', '/account/second-factor', { signal }),
})

/** A code of an app beside the password. */
export function SecondFactor() {
  const { t } = useTranslation()
  const state = useQuery(factorQuery)
  const [asking, setAsking] = useState<'enrol' | 'remove' | null>(null)
  return (
    <Card aria-labelledby="second-factor">
      <CardHeader id="second-factor" title={t('factor.title')}>
        {state.data ? (
          <Badge tone={state.data.enabled ? 'ok' : 'warn'} dot>
            {state.data.enabled ? t('factor.on') : t('factor.off')}
          </Badge>
        ) : null}
      </CardHeader>
      <div className="space-y-4 px-4 pb-4 sm:px-5 sm:pb-5">
        <p className="text-ink-soft text-sm">{t('factor.text')}</p>
        {state.isError ? <Problem error={state.error} onRetry={() => state.refetch()} /> : null}
        {state.isPending ? <SkeletonRows rows={1} /> : null}
        {state.data ? (
          <Button
            tone={state.data.enabled ? 'secondary' : 'primary'}
            onClick={() => setAsking(state.data.enabled ? 'remove' : 'enrol')}
          >
            {state.data.enabled ? t('factor.remove') : t('factor.enrol')}
          </Button>
        ) : null}
      </div>
      {asking === 'enrol' ? <Enrol onClose={() => setAsking(null)} /> : null}
      {asking === 'remove' ? <Remove onClose={() => setAsking(null)} /> : null}
    </Card>
  )
}

function Enrol({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useMutation({
    mutationFn: () => call<Enrolment>('POST', '/account/second-factor', { body: { password } }),
    gcTime: 0,
  })
  const confirm = useMutation({
    mutationFn: () =>
      call<{ recovery_codes: string[] }>('POST', '/account/second-factor/confirm', {
        body: { code: code.replace(/\s/g, '') },
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: factorQuery.queryKey })
      toast.done(t('factor.enabled'))
    },
    gcTime: 0,
  })
  if (confirm.data) {
    return (
      <Dialog
        open
        dismissible={false}
        onOpenChange={(open) => !open && onClose()}
        title={t('factor.codesTitle')}
        description={t('factor.codesText')}
      >
        <CodeBlock code={confirm.data.recovery_codes.join('\n')} label={t('factor.codesTitle')} />
        <DialogActions>
          <Button tone="primary" onClick={onClose}>
            {t('keys.savedIt')}
          </Button>
        </DialogActions>
      </Dialog>
    )
  }
  if (begin.data) {
    return (
      <FormDialog
        title={t('factor.scanTitle')}
        description={t('factor.scanText')}
        action={t('factor.confirm')}
        busy={confirm.isPending}
        error={confirm.error}
        onSubmit={() => confirm.mutate()}
        onClose={onClose}
      >
        <SecretOnce
          secret={begin.data.secret}
          label={t('factor.secret')}
          warning={t('factor.secretHint')}
        />
        <a
          href={begin.data.uri}
          className="inline-block font-medium text-accent-ink text-sm underline"
        >
          {t('factor.openApp')}
        </a>
        <Field label={t('factor.code')}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              minLength={6}
              maxLength={7}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
      </FormDialog>
    )
  }
  return (
    <FormDialog
      title={t('factor.enrol')}
      description={t('factor.proofText')}
      action={t('factor.next')}
      busy={begin.isPending}
      error={begin.error}
      onSubmit={() => begin.mutate()}
      onClose={onClose}
    >
      <Proof value={password} onChange={setPassword} />
    </FormDialog>
  )
}

function Remove({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [password, setPassword] = useState('')
  const remove = useMutation({
    mutationFn: () => call('POST', '/account/second-factor/remove', { body: { password } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: factorQuery.queryKey })
      toast.done(t('factor.removed'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('factor.remove')}
      description={t('factor.removeText')}
      action={t('factor.remove')}
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Proof value={password} onChange={setPassword} />
    </FormDialog>
  )
}

function Proof({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  return (
    <Field label={t('setup.password')}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete="current-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
