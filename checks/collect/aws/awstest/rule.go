package awstest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"
)

// Deny answers as IAM does when the right is missing.
func Deny() Rule {
	return func(w http.ResponseWriter, _ *http.Request, call Call, _ http.Handler) {
		code := "AccessDenied"
		switch {
		case call.Service == "ec2":
			code = "UnauthorizedOperation"
		case !call.form && call.Service != "s3" && call.Service != "route53" && call.Service != "cloudfront":
			code = "AccessDeniedException"
		}
		fail(w, call, http.StatusForbidden, code, "User: arn:aws:iam::123456789012:user/auditor is not authorized to perform: "+call.String())
	}
}

// Throttle refuses the first n calls of its pattern for being too many, and
// passes the others on; a negative n refuses all.
func Throttle(n int) Rule {
	var seen atomic.Int64
	return func(w http.ResponseWriter, r *http.Request, call Call, forward http.Handler) {
		if n >= 0 && seen.Add(1) > int64(n) {
			forward.ServeHTTP(w, r)
			return
		}
		code, status := "ThrottlingException", http.StatusBadRequest
		switch {
		case call.Service == "ec2":
			code, status = "RequestLimitExceeded", http.StatusServiceUnavailable
		case call.Service == "s3":
			code, status = "SlowDown", http.StatusServiceUnavailable
		case call.form:
			code = "Throttling"
		}
		fail(w, call, status, code, "Rate exceeded")
	}
}

// Fail answers with an error of AWS: its HTTP status, code and message.
func Fail(status int, code, message string) Rule {
	return func(w http.ResponseWriter, _ *http.Request, call Call, _ http.Handler) {
		fail(w, call, status, code, message)
	}
}

// Hang never answers.
func Hang() Rule {
	return func(_ http.ResponseWriter, r *http.Request, _ Call, _ http.Handler) { <-r.Context().Done() }
}

// Drop closes the connection in the middle of the answer.
func Drop() Rule {
	return func(w http.ResponseWriter, _ *http.Request, _ Call, _ http.Handler) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = connection.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n<Part"))
		_ = connection.Close()
	}
}

// Garbage answers 200 with what is neither JSON nor XML.
func Garbage() Rule { return Answer("text/plain", "\x00\x01 }{ <<< not an answer") }

// Delay passes calls on after d, as a distant region does.
func Delay(d time.Duration) Rule {
	return func(w http.ResponseWriter, r *http.Request, _ Call, forward http.Handler) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			forward.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

// Answer answers 200 with a body in AWS's wire form.
func Answer(contentType, body string) Rule {
	return func(w http.ResponseWriter, _ *http.Request, _ Call, _ http.Handler) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

// JSON answers 200 with value as JSON, whose keys are AWS's.
func JSON(value any) Rule {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return Answer("application/json", string(body))
}

// Rewrite passes calls on and changes the body of the answer: for the fields
// that the emulator leaves out. AWS's own wire form must come of it.
func Rewrite(change func(body string) string) Rule {
	return func(w http.ResponseWriter, r *http.Request, _ Call, forward http.Handler) {
		r.Header.Del("Accept-Encoding") // so that the body is plain
		recorder := httptest.NewRecorder()
		forward.ServeHTTP(recorder, r)
		body := change(recorder.Body.String())
		for name, values := range recorder.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(recorder.Code)
		_, _ = io.WriteString(w, body)
	}
}

// Replace is a [Rewrite] that puts one text for another.
func Replace(old, with string) Rule {
	return Rewrite(func(body string) string { return strings.ReplaceAll(body, old, with) })
}

// fail answers with an error in the form of the call's protocol.
func fail(w http.ResponseWriter, call Call, status int, code, message string) {
	escaped := new(strings.Builder)
	_ = xml.EscapeText(escaped, []byte(message))
	var kind, body string
	switch {
	case call.Service == "ec2":
		kind, body = "text/xml", fmt.Sprintf("<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r</RequestID></Response>", code, escaped)
	case call.Service == "s3":
		kind, body = "application/xml", fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message></Error>", code, escaped)
	case call.form, call.Service == "route53", call.Service == "cloudfront":
		kind, body = "text/xml", fmt.Sprintf("<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>", code, escaped)
	default:
		text, _ := json.Marshal(map[string]string{"__type": code, "message": message})
		kind, body = "application/x-amz-json-1.1", string(text)
		w.Header().Set("X-Amzn-ErrorType", code)
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
