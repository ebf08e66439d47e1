// Package awsfault says what an error of the AWS SDK means to plugins/pipeline.
package awsfault

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"gatehouse/plugins/pipeline"
)

// Explain adds which of plugins/pipeline's errors it is. The SDK has tried again
// already. needs is what had to be allowed. It keeps nil nil.
func Explain(needs string, err error) error {
	if err == nil {
		return nil
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return fmt.Errorf("%w: %w", pipeline.ErrUnavailable, err)
	}
	switch api.ErrorCode() {
	case "ResourceNotFoundException", "RepositoryNotFoundException", "ImageNotFoundException":
		return fmt.Errorf("%w: %w", pipeline.ErrNotFound, err)
	case "AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException", "InvalidSignatureException":
		return fmt.Errorf("%w: %s is needed: %w", pipeline.ErrDenied, needs, err)
	case "ThrottlingException", "TooManyRequestsException", "AccountLimitExceededException", "ServiceUnavailable", "InternalFailure", "ServerException":
		return fmt.Errorf("%w: %w", pipeline.ErrUnavailable, err)
	}
	var answer *smithyhttp.ResponseError // what is between may answer without a code of AWS's
	if api.ErrorFault() == smithy.FaultServer || errors.As(err, &answer) && answer.HTTPStatusCode() >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %w", pipeline.ErrUnavailable, err)
	}
	return fmt.Errorf("%w: %w", pipeline.ErrRefused, err)
}
