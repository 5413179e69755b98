"""A class for each code of a refusal.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from mainspring_sdk.errors.tree import (
    ApiError,
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PreconditionFailedError,
    ServerError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableError,
)


class AccountDisabledError(UnauthorizedError):
    """``account_disabled``, 401: This account is disabled."""


class BodyTooLargeError(ApiError):
    """``body_too_large``, 413: The request body is too large."""


class CallNotKeptError(ConflictError):
    """``call_not_kept``, 409: What was asked in this call was not kept whole."""


class ChangePendingError(ApiError):
    """``change_pending``, 202: The change waits for a second person."""


class CrossSiteRequestError(ForbiddenError):
    """``cross_site_request``, 403: The request did not come from the console."""


class DatabaseUnavailableError(ServiceUnavailableError):
    """``database_unavailable``, 503: The database cannot be reached at this moment."""


class GatewayUnreachableError(ServerError):
    """``gateway_unreachable``, 502: The gateway cannot be reached."""


class IdempotencyConflictError(ConflictError):
    """``idempotency_conflict``, 409: This idempotency key was used for a different request."""


class InternalError(ServerError):
    """``internal_error``, 500: Something went wrong on our side."""


class InvalidCredentialsError(UnauthorizedError):
    """``invalid_credentials``, 401: The e-mail address or the password is wrong."""


class InvalidRequestError(BadRequestError):
    """``invalid_request``, 400: The request is not valid."""


class InvitationInvalidError(UnauthorizedError):
    """``invitation_invalid``, 401: This invitation is not valid."""


class MalformedJsonError(BadRequestError):
    """``malformed_json``, 400: The body is not valid JSON."""


class MethodNotAllowedError(ApiError):
    """``method_not_allowed``, 405: This route does not take that method."""


class ModelGovernedError(ConflictError):
    """``model_governed``, 409: This model's releases decide where it leads."""


class NotReadyError(ServiceUnavailableError):
    """``not_ready``, 503: This process is not ready yet."""


class PasswordSignInOffError(UnauthorizedError):
    """``password_sign_in_off``, 401: Signing in by password is switched off."""


class PermissionDeniedError(ForbiddenError):
    """``permission_denied``, 403: This identity may not do that."""


class RateLimitExceededError(TooManyRequestsError):
    """``rate_limit_exceeded``, 429: A rate limit is used up."""


class ReleaseStateError(ConflictError):
    """``release_state``, 409: The release's state does not allow this step."""


class RouteNotFoundError(NotFoundError):
    """``route_not_found``, 404: There is no such route."""


class SecondFactorRequiredError(UnauthorizedError):
    """``second_factor_required``, 401: A code of your authenticator app is needed."""


class SetupTokenInvalidError(UnauthorizedError):
    """``setup_token_invalid``, 401: The set-up link is not valid any more."""


class SignInRequiredError(UnauthorizedError):
    """``sign_in_required``, 401: Signing in is required."""


class SignInThrottledError(TooManyRequestsError):
    """``sign_in_throttled``, 429: Too many failed attempts to sign in."""


class SsoUnavailableError(ServerError):
    """``sso_unavailable``, 502: The identity provider cannot be reached."""


class ValidationFailedError(UnprocessableError):
    """``validation_failed``, 422: The request does not fit what this route takes."""


BY_CODE: dict[str, type[ApiError]] = {
    "account_disabled": AccountDisabledError,
    "body_too_large": BodyTooLargeError,
    "call_not_kept": CallNotKeptError,
    "change_pending": ChangePendingError,
    "conflict": ConflictError,
    "cross_site_request": CrossSiteRequestError,
    "database_unavailable": DatabaseUnavailableError,
    "gateway_unreachable": GatewayUnreachableError,
    "idempotency_conflict": IdempotencyConflictError,
    "internal_error": InternalError,
    "invalid_credentials": InvalidCredentialsError,
    "invalid_request": InvalidRequestError,
    "invitation_invalid": InvitationInvalidError,
    "malformed_json": MalformedJsonError,
    "method_not_allowed": MethodNotAllowedError,
    "model_governed": ModelGovernedError,
    "not_found": NotFoundError,
    "not_ready": NotReadyError,
    "password_sign_in_off": PasswordSignInOffError,
    "permission_denied": PermissionDeniedError,
    "precondition_failed": PreconditionFailedError,
    "rate_limit_exceeded": RateLimitExceededError,
    "release_state": ReleaseStateError,
    "route_not_found": RouteNotFoundError,
    "second_factor_required": SecondFactorRequiredError,
    "setup_token_invalid": SetupTokenInvalidError,
    "sign_in_required": SignInRequiredError,
    "sign_in_throttled": SignInThrottledError,
    "sso_unavailable": SsoUnavailableError,
    "validation_failed": ValidationFailedError,
}
"""The class of each code; any other code has the class of its status."""
