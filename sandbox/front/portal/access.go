package portal

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sessionLasts is how long a login holds.
const sessionLasts = time.Hour

// mostLogin is how long the body of a login may be, in bytes.
const mostLogin = 4 << 10

// authenticated lets a request pass that brings the smoke tests' token or that
// of a session.
func (o Options) authenticated(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), askLimit)
		defer cancel()
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		ok := bearer && o.Token != "" && same(token, o.Token)
		if !ok && bearer && token != "" {
			known, err := o.Stores.Known(ctx, token)
			if err != nil {
				refuse(w, http.StatusServiceUnavailable, "sessions cannot be looked up")
				return
			}
			ok = known
		}
		if !ok {
			w.Header().Set("WWW-Authenticate", `Bearer realm="portal"`)
			refuse(w, http.StatusUnauthorized, "log in first")
			return
		}
		next(w, r.WithContext(ctx))
	}
}

// plugins lists what the database knows.
func (o Options) plugins(w http.ResponseWriter, r *http.Request) {
	plugins, err := o.Stores.Plugins(r.Context())
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	if plugins == nil {
		plugins = []Plugin{}
	}
	answer(w, http.StatusOK, map[string]any{"success": true, "data": map[string]any{"plugins": plugins}})
}

// login gives a token for a user and password.
func (o Options) login(w http.ResponseWriter, r *http.Request) {
	var given struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostLogin)).Decode(&given); err != nil {
		refuse(w, http.StatusBadRequest, "send a JSON document with username and password")
		return
	}
	if o.Password == "" || !same(given.Username, o.User) || !same(given.Password, o.Password) {
		refuse(w, http.StatusUnauthorized, "the user or the password is wrong")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), askLimit)
	defer cancel()
	token := rand.Text()
	if err := o.Stores.Remember(ctx, token, sessionLasts); err != nil {
		refuse(w, http.StatusServiceUnavailable, "the session cannot be kept")
		return
	}
	answer(w, http.StatusOK, map[string]any{"token": token, "expiresIn": int(sessionLasts.Seconds())})
}

// githubStart sends people to GitHub, as Backstage's github provider does.
func (o Options) githubStart(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	http.SetCookie(w, &http.Cookie{
		Name: "github-nonce", Value: state, Path: "/auth/github", MaxAge: 600,
		HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	query := url.Values{
		"response_type": {"code"}, "client_id": {"sandbox"}, "scope": {"read:user"}, "state": {state},
		"redirect_uri": {"https://" + o.API + "/auth/github/handler/frame"},
	}
	http.Redirect(w, r, "https://github.com/login/oauth/authorize?"+query.Encode(), http.StatusFound)
}

// same compares without telling by its time how much of a secret is right.
func same(given, want string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}
