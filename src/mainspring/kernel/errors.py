"""The one error tree. A code is a promise: it is documented, stable, and tested.

Each class carries what every protocol needs to tell the caller: a stable ``code``, an HTTP
``status``, a ``title``, and ``next_step``, the sentence that says what to do now. How an error
looks on a protocol is decided in ``wire`` (OpenAI, Anthropic, RFC 9457), once per protocol.
"""

from typing import ClassVar


class MainspringError(Exception):
    """Base of every error that may reach a caller.

    ``detail`` says what happened this time; it must never hold a secret. ``params`` are small
    machine-readable facts (a field name, a limit) that accompany it. ``retry_after_s`` is set
    where waiting helps.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    next_step: ClassVar[str] = "Try again; if it persists, give the request id to your operator."

    def __init__(
        self, detail: str = "", *, retry_after_s: float | None = None, **params: object
    ) -> None:
        self.detail = detail or self.title
        self.retry_after_s = retry_after_s
        self.params = params
        super().__init__(self.detail)


def error_catalogue() -> dict[str, type[MainspringError]]:
    """Return every error class by its code.

    Raises:
        RuntimeError: if two classes claim one code.
    """
    found: dict[str, type[MainspringError]] = {}
    waiting: list[type[MainspringError]] = [MainspringError]
    while waiting:
        error = waiting.pop()
        if found.setdefault(error.code, error) is not error:
            raise RuntimeError(f"two errors share the code {error.code}")
        waiting.extend(error.__subclasses__())
    return dict(sorted(found.items()))


class InvalidRequestError(MainspringError):
    """The request itself is wrong; sending it again unchanged cannot help."""

    code = "invalid_request"
    status = 400
    title = "The request is not valid"
    next_step = "Correct the field named in the message and send the request again."


class MalformedJsonError(InvalidRequestError):
    """The body is not JSON."""

    code = "malformed_json"
    title = "The body is not valid JSON"
    next_step = "Send a JSON object in UTF-8 with Content-Type: application/json."


class BodyTooLargeError(InvalidRequestError):
    """The body exceeds what the listener accepts."""

    code = "body_too_large"
    status = 413
    title = "The request body is too large"
    next_step = "Send less, or ask your operator to raise the body limit."


class RouteNotFoundError(InvalidRequestError):
    """No route has this path."""

    code = "route_not_found"
    status = 404
    title = "There is no such route"
    next_step = "Check the path; GET /v1/models lists what this gateway serves."


class MethodNotAllowedError(InvalidRequestError):
    """The route exists, with other methods."""

    code = "method_not_allowed"
    status = 405
    title = "This route does not take that method"
    next_step = "Use one of the methods named in the Allow header."


class UpgradeRequiredError(InvalidRequestError):
    """The route speaks WebSocket, and the request does not offer one as it should."""

    code = "upgrade_required"
    status = 426
    title = "This route speaks WebSocket"
    next_step = "Open it with a WebSocket client (RFC 6455, version 13) over HTTP/1.1."


class NotFoundError(InvalidRequestError):
    """The object does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404
    title = "There is no such object"
    next_step = "Check the id; you see only what your organisation and role allow."


class ResponseNotFoundError(NotFoundError):
    """No response of that id is kept for the caller's project, or not any more."""

    code = "response_not_found"
    title = "There is no such response"
    next_step = (
        "Check the id; a response is found by keys of the project that made it, until it expires."
        " Otherwise send the whole conversation as input."
    )


class ConflictError(InvalidRequestError):
    """The object is not in the state that the request needs."""

    code = "conflict"
    status = 409
    title = "The object is in a different state"
    next_step = "Read it again, then repeat the change on what you read."


class ValidationFailedError(InvalidRequestError):
    """Fields of the request are missing, unknown or out of range; ``errors`` names each."""

    code = "validation_failed"
    status = 422
    title = "The request does not fit what this route takes"
    next_step = "Correct each field listed under errors and send the request again."


class CallNotKeptError(ConflictError):
    """Of a recorded call there is not enough to make it again, or to learn from it."""

    code = "call_not_kept"
    title = "What was asked in this call was not kept whole"
    next_step = "Have the project keep contents (capture: redacted or full) and use a later call."


class GovernedModelError(ConflictError):
    """The model's targets and canary follow from its releases."""

    code = "model_governed"
    title = "This model's releases decide where it leads"
    next_step = "Register a release with the new targets and bring it into service."


class ReleaseStateError(ConflictError):
    """The release is not in a state from which this step leads on."""

    code = "release_state"
    title = "The release's state does not allow this step"
    next_step = "Read the release; its state and the guide to releases tell which steps there are."


class PreconditionFailedError(InvalidRequestError):
    """The object was changed since the caller read it."""

    code = "precondition_failed"
    status = 412
    title = "The object was changed meanwhile"
    next_step = "Read it again and send the change with the new ETag in If-Match."


class IdempotencyConflictError(InvalidRequestError):
    """An idempotency key came back with another request."""

    code = "idempotency_conflict"
    status = 409
    title = "This idempotency key was used for a different request"
    next_step = "Use a new Idempotency-Key for every new request."


class IdempotencyKeyReusedError(InvalidRequestError):
    """An idempotency key came back to the gateway with another request."""

    code = "idempotency_key_reused"
    status = 422
    title = "This idempotency key was used for a different request"
    next_step = "Use a new Idempotency-Key for every new request."


class IdempotencyInProgressError(InvalidRequestError):
    """The call with this idempotency key is still being answered."""

    code = "idempotency_in_progress"
    status = 409
    title = "The call with this idempotency key is still in progress"
    next_step = "Repeat the request after Retry-After; it is then given the first one's answer."


class IdempotencyAnswerLostError(InvalidRequestError):
    """The call with this idempotency key was made, and its answer is not there any more."""

    code = "idempotency_answer_lost"
    status = 410
    title = "The call with this idempotency key was made, and its answer cannot be given again"
    next_step = "Use a new Idempotency-Key if you want to make, and pay for, the call again."


class AuthenticationError(MainspringError):
    """The caller did not show who it is."""

    code = "authentication_required"
    status = 401
    title = "Authentication is required"
    next_step = "Send a valid API key as Authorization: Bearer <key>."


class InvalidKeyError(AuthenticationError):
    """The key is unknown, revoked or misspelt; which one is not told."""

    code = "invalid_api_key"
    title = "The API key is not valid"
    next_step = "Check the key, or create a new one in the console under Keys."


class ExpiredKeyError(AuthenticationError):
    """The key was valid until its expiry."""

    code = "expired_api_key"
    title = "The API key has expired"
    next_step = "Create or rotate the key in the console under Keys."


class InvalidTokenError(AuthenticationError):
    """A JSON Web Token that is not believed here; the detail says why as far as it may."""

    code = "invalid_token"
    title = "The token is not valid here"
    next_step = "Get a new token for this gateway's audience from an issuer that is trusted here."


class ExpiredTokenError(InvalidTokenError):
    """The token was valid until its expiry."""

    code = "expired_token"
    title = "The token has expired"
    next_step = "Get a new token from its issuer."


class SignInRequiredError(AuthenticationError):
    """The control plane needs a session or a token, and there is none that is valid."""

    code = "sign_in_required"
    title = "Signing in is required"
    next_step = "Sign in, or send a valid token as Authorization: Bearer <token>."


class InvalidCredentialsError(AuthenticationError):
    """The e-mail address or the password is wrong; which one is not told."""

    code = "invalid_credentials"
    title = "The e-mail address or the password is wrong"
    next_step = "Check both and try again."


class SecondFactorRequiredError(AuthenticationError):
    """The password is right, and the account asks for a code as well."""

    code = "second_factor_required"
    title = "A code of your authenticator app is needed"
    next_step = "Send the app's present code, or a recovery code, along with the password."


class SetupTokenError(AuthenticationError):
    """The set-up link is wrong, used or expired."""

    code = "setup_token_invalid"
    title = "The set-up link is not valid any more"
    next_step = "Restart the platform to get a new link, or sign in if set-up is done."


class InvitationError(AuthenticationError):
    """The invitation is wrong, used, withdrawn, expired, or for somebody else."""

    code = "invitation_invalid"
    title = "This invitation is not valid"
    next_step = "Ask whoever invited you for a new link."


class AccountDisabledError(AuthenticationError):
    """The password is right, and the account was closed."""

    code = "account_disabled"
    title = "This account is disabled"
    next_step = "Ask an administrator of the platform to enable it."


class SignInThrottledError(MainspringError):
    """Too many failed sign-ins for one account or from one address."""

    code = "sign_in_throttled"
    status = 429
    title = "Too many failed attempts to sign in"
    next_step = "Wait as long as Retry-After says, then try again."


class PasswordSignInOffError(AuthenticationError):
    """Passwords open no session here, except those of accounts kept for emergencies."""

    code = "password_sign_in_off"
    title = "Signing in by password is switched off"
    next_step = "Sign in by your identity provider; its button is on the sign-in page."


class SsoFailedError(AuthenticationError):
    """What came back from the identity provider does not fit what was asked; the log says why."""

    code = "sso_failed"
    title = "The sign-in at the identity provider did not succeed"
    next_step = "Start again on the sign-in page, in one browser window and without going back."


class SsoUnavailableError(MainspringError):
    """The identity provider does not answer, or not as one; the log says why."""

    code = "sso_unavailable"
    status = 502
    title = "The identity provider cannot be reached"
    next_step = "Try again in a minute; if it persists, tell your administrator."


class SsoNotAllowedError(AuthenticationError):
    """The provider knows the person, and nothing here is open to them."""

    code = "sso_not_allowed"
    title = "Your account at the identity provider opens nothing here"
    next_step = "Ask your administrator to put you into a group that has access."


class SsoAccountExistsError(AuthenticationError):
    """There is an account with that address already, which the provider may not open."""

    code = "sso_account_exists"
    title = "An account with your e-mail address exists already"
    next_step = "Sign in as before and connect the provider to your account, or ask for help."


class CrossSiteRequestError(MainspringError):
    """A browser sent a write that our own pages did not make."""

    code = "cross_site_request"
    status = 403
    title = "The request did not come from the console"
    next_step = "Send the value of the cookie mainspring_csrf in the header X-CSRF-Token."


class InternalCallError(AuthenticationError):
    """A route of our own processes was called without their token."""

    code = "internal_token_invalid"
    title = "This route is for the platform's own processes"
    next_step = "Give every process of the platform the same internal token file."


class PermissionDeniedError(MainspringError):
    """The caller is known and may not do this."""

    code = "permission_denied"
    status = 403
    title = "This identity may not do that"
    next_step = "Ask an administrator, of your organisation or of the platform, for the permission."


class ChangePendingError(MainspringError):
    """The change was kept, and nothing was done: it needs a second person.

    It is answered with 202: neither a refusal nor done.
    """

    code = "change_pending"
    status = 202
    title = "The change waits for a second person"
    next_step = "Have somebody else approve it: POST /api/v1/changes/{id}/approval."


class SuspendedError(PermissionDeniedError):
    """The organisation or project is suspended; its keys are kept and refused."""

    code = "suspended"
    title = "The organisation or project is suspended"
    next_step = "Ask the operator of the platform why, and to lift the suspension."


class DataPolicyError(PermissionDeniedError):
    """Nothing that serves the model is where the caller's data may go."""

    code = "data_policy"
    title = "The data policy does not allow any server of this model"
    next_step = "Use a model that is served where the policy allows, or ask for another policy."


class ParameterDeniedError(PermissionDeniedError):
    """A policy forbids a parameter, or this value of it."""

    code = "parameter_denied"
    title = "A policy does not allow this parameter, or this value of it"
    next_step = "Leave the parameter out; GET /api/v1/policies/effective tells what is allowed."


class ParameterOutOfRangeError(InvalidRequestError):
    """A policy bounds a parameter, and the value is beyond."""

    code = "parameter_out_of_range"
    title = "A parameter is outside what a policy allows"
    next_step = "Choose a value within the bounds that the message names."


class ContextTooLongError(InvalidRequestError):
    """The prompt is estimated to be longer than a policy allows."""

    code = "context_too_long"
    title = "The prompt is longer than a policy allows"
    next_step = "Shorten the prompt, or ask an administrator for a longer context."


class ProjectNotAllowedError(PermissionDeniedError):
    """X-Tenant-ID or X-Project-ID names a place where the caller may not act."""

    code = "project_not_allowed"
    title = "This identity may not act in that organisation or project"
    next_step = "Name a project that the key or token is for, or leave the header out."


class ProjectRequiredError(InvalidRequestError):
    """The caller may act in several organisations and did not say in which."""

    code = "project_required"
    title = "The organisation or project is not clear"
    next_step = "Name it in the header X-Tenant-ID or X-Project-ID."


class ModelTaskError(InvalidRequestError):
    """The model exists and does not serve this kind of call."""

    code = "model_task_mismatch"
    title = "The model does not serve this endpoint"
    next_step = "Use a model whose tasks, as GET /v1/models tells them, include this one."


class ModelNotFoundError(InvalidRequestError):
    """No model of that name is visible to the caller."""

    code = "model_not_found"
    status = 404
    title = "There is no such model"
    next_step = "GET /v1/models lists the models that this key may use."


class ModelOfflineError(ModelNotFoundError):
    """The model was taken out of service; the detail names what takes its place, if any."""

    code = "model_offline"
    status = 410
    title = "This model is offline"
    next_step = "Call the model that the message names, or one that GET /v1/models lists."


class RateLimitedError(MainspringError):
    """A limit of the organisation, project, user, key or model is used up for now."""

    code = "rate_limit_exceeded"
    status = 429
    title = "A rate limit is used up"
    next_step = "Wait as long as Retry-After says, or ask for a higher limit."


class BudgetExceededError(RateLimitedError):
    """A budget of the organisation, project, user, key or model is spent."""

    code = "budget_exceeded"
    title = "A budget is spent"
    next_step = "Wait for the next day or month (UTC), or ask for a higher budget."


class UnpricedModelError(PermissionDeniedError):
    """A budget must count every call, and what this one costs is not known."""

    code = "price_unknown"
    title = "The price of this model is not known"
    next_step = "Ask an administrator to set the model's price, or to let the budget allow it."


class OverloadedError(MainspringError):
    """The platform or the model's servers have no capacity at this moment."""

    code = "overloaded"
    status = 503
    title = "No capacity at this moment"
    next_step = "Retry with back-off; Retry-After gives the earliest useful moment."


class LimiterUnavailableError(OverloadedError):
    """The store of shared limits cannot be asked, and it was decided to refuse calls then."""

    code = "limiter_unavailable"
    title = "Limits cannot be checked at this moment"
    next_step = "Retry in a moment; if it persists, check the Redis server of the gateways."


class ControlUnavailableError(OverloadedError):
    """What only the control plane holds was asked for, and it does not answer."""

    code = "control_unavailable"
    title = "The control plane cannot be reached at this moment"
    next_step = "Retry in a moment; calls that need nothing of it go on meanwhile."


class IdempotencyUnavailableError(OverloadedError):
    """Whether a call was made before cannot be told, so it is not made now."""

    code = "idempotency_unavailable"
    title = "Idempotency keys cannot be checked at this moment"
    next_step = "Retry in a moment; if it persists, check the Redis server of the gateways."


class NotReadyError(MainspringError):
    """The process has started and cannot serve yet."""

    code = "not_ready"
    status = 503
    title = "This process is not ready yet"
    next_step = "Retry in a moment; /readyz tells when it is ready."


class FileStorageUnavailableError(OverloadedError):
    """The store in which files lie cannot be used."""

    code = "file_storage_unavailable"
    title = "Files cannot be stored or read at this moment"
    next_step = "Retry in a moment; if it persists, check the blob store of the platform."


class ProjectStorageFullError(InvalidRequestError):
    """The files of a project are as large together as they may be."""

    code = "project_storage_full"
    status = 403
    title = "The project's storage is full"
    next_step = "Delete files that are not needed, or let them expire; then upload again."


class UpstreamError(MainspringError):
    """The model's server failed; the request was well-formed."""

    code = "upstream_error"
    status = 502
    title = "The model's server failed"
    next_step = "Retry; if it persists, check the upstream's health in the console."


class UpstreamUnreachableError(UpstreamError):
    """No connection to the model's server could be made."""

    code = "upstream_unreachable"
    title = "The model's server cannot be reached"
    next_step = "Retry; if it persists, check that the upstream is running and its address."


class GatewayUnreachableError(UpstreamError):
    """The control plane could not pass a call on to the gateway."""

    code = "gateway_unreachable"
    title = "The gateway cannot be reached"
    next_step = "Check that the gateway runs: mainspring status."


class UpstreamTimeoutError(UpstreamError):
    """The model's server did not answer within its deadline."""

    code = "upstream_timeout"
    status = 504
    title = "The model's server did not answer in time"
    next_step = "Retry, shorten the request, or raise the upstream's timeouts."


class UpstreamProtocolError(UpstreamError):
    """The model's server answered with something that is not its protocol."""

    code = "upstream_protocol_error"
    title = "The model's server sent an answer that cannot be read"
    next_step = "Check that the upstream's protocol and base URL are right."


class SigningKeyUnknownError(NotReadyError):
    """A token is signed by a key that its issuer may just have begun to use."""

    code = "signing_key_unknown"
    title = "The key that signed this token is not known yet"
    next_step = "Retry in a moment: the issuer's keys are being fetched anew."


class NotCachedError(UpstreamError):
    """The caller wants an answer from the cache or none, and there is none."""

    code = "not_cached"
    status = 504
    title = "The answer is not in the cache"
    next_step = "Send the request without Cache-Control: only-if-cached to have it made."


class DatabaseUnavailableError(NotReadyError):
    """PostgreSQL cannot be reached, or has no connection left for us."""

    code = "database_unavailable"
    title = "The database cannot be reached at this moment"
    next_step = "Retry in a moment; if it persists, check the database with mainspring doctor."


class KeysUnavailableError(NotReadyError):
    """The master keys cannot be read or written where they are kept."""

    code = "keys_unavailable"
    title = "The master keys cannot be reached at this moment"
    next_step = "Check where they are kept (file, vault); those that are held go on unsealing."


class MigrationBusyError(NotReadyError):
    """Another process is changing the schema and did not finish in time."""

    code = "migration_busy"
    title = "Another process is migrating the database"
    next_step = "Wait for it to end, then start again; its log says what it is doing."


class SchemaAheadError(NotReadyError):
    """The database was migrated by a newer release than this one."""

    code = "schema_ahead"
    title = "The database belongs to a newer release"
    next_step = "Start the newer release, or restore the backup taken before the upgrade."


class EmbeddedDatabaseError(NotReadyError):
    """The embedded PostgreSQL cannot be prepared or started."""

    code = "embedded_database_failed"
    title = "The embedded database cannot start"
    next_step = "Read the database's lines in the log, or set DATABASE_URL to a server of your own."


class ClusterInUseError(EmbeddedDatabaseError):
    """Another process of ours runs the database in the same directory."""

    code = "database_cluster_in_use"
    title = "The embedded database is already running"
    next_step = "Use the platform that is running (mainspring status), or stop it first."


class ClusterVersionError(EmbeddedDatabaseError):
    """The data directory was written by another major version of PostgreSQL."""

    code = "database_cluster_version"
    title = "The data directory belongs to another major version of PostgreSQL"
    next_step = (
        "Dump it with the release that wrote it (pg_dump), move the directory away, start this"
        " release, and restore the dump."
    )


class ClusterLostError(EmbeddedDatabaseError):
    """The data directory was moved out of reach or deleted."""

    code = "database_cluster_lost"
    title = "The embedded database's data cannot be reached"
    next_step = "Restore the directory that the message names; to start empty, remove the link."


class BackupFailedError(NotReadyError):
    """A backup cannot be made; nothing that was there before was touched."""

    code = "backup_failed"
    title = "The backup cannot be made"
    next_step = "Mend what the message names, then make the backup again."


class BackupDamagedError(MainspringError):
    """A file is no backup, or not the one that was made."""

    code = "backup_damaged"
    title = "The backup is damaged or incomplete"
    next_step = "Take another copy of it, or an older backup; restore nothing from this one."


class RestoreRefusedError(MainspringError):
    """A backup is not restored here, because it would not become what it was."""

    code = "restore_refused"
    status = 409
    title = "The backup cannot be restored here"
    next_step = "Do what the message says; a restore wants an empty database and the right keys."
