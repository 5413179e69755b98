import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { asApiError } from '@/api/problem'
import { optionalText } from '.'

export interface ProblemText {
  title: string
  detail: string
  nextStep: string
}

/**
 * Return the function that puts an error into the reader's words. Codes that a person can meet here
 * have texts of the console's own (control's speak to programs); an unknown one keeps control's.
 */
export function useProblemText(): (error: unknown) => ProblemText {
  const { t } = useTranslation()
  return useCallback(
    (error) => {
      const problem = asApiError(error)
      const title = optionalText(t, `errors.${problem.code}.title`)
      const nextStep = optionalText(t, `errors.${problem.code}.nextStep`)
      return {
        title: title ?? (problem.title || t('errors.unknown.title')),
        detail: problem.detail === problem.title ? '' : problem.detail,
        nextStep: nextStep ?? problem.nextStep,
      }
    },
    [t],
  )
}
