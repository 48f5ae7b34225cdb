{{/* The release technical-analysis has the guide's names; every other has its own in front of them. */}}
{{- define "ta.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else if contains "technical-analysis" .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-technical-analysis" (.Release.Name | trunc 21 | trimSuffix "-") }}
{{- end }}
{{- end }}

{{/* Of what the guide calls by a word of its own (redis-service). Call with (dict "root" $ "name" "redis-service"). */}}
{{- define "ta.word" -}}
{{- $full := include "ta.fullname" .root }}
{{- if ne $full "technical-analysis" }}{{ $full }}-{{ end }}{{ .name }}
{{- end }}

{{- define "ta.modelsName" -}}
{{- include "ta.word" (dict "root" . "name" "ml-models-config") }}
{{- end }}

{{- define "ta.secretName" -}}
{{- if .Values.secret.create -}}
{{ include "ta.fullname" . }}-secret
{{- else -}}
{{ required "secret.existingSecret: name the secret, or set secret.create" .Values.secret.existingSecret }}
{{- end -}}
{{- end }}

{{/* The keys that the pods ask for, which are in the secret unless secret.from says in which other. */}}
{{- define "ta.secretKeys" -}}
{{- $keys := list "SECRET_KEY" "JWT_SECRET" "DATABASE_URL" }}
{{- if .Values.flower.enabled }}{{ $keys = append $keys "FLOWER_BASIC_AUTH" }}{{ end }}
{{- if not .Values.redis.enabled }}{{ $keys = append $keys "BROKER_URL" }}{{ end }}
{{- if not .Values.cache.enabled }}{{ $keys = append $keys "CACHE_URL" }}{{ end }}
{{- if and .Values.redis.auth (or .Values.redis.enabled .Values.cache.enabled) }}{{ $keys = append $keys "REDIS_PASSWORD" }}{{ end }}
{{- if .Values.postgres.enabled }}{{ $keys = append $keys "POSTGRES_PASSWORD" }}{{ end }}
{{- toJson $keys }}
{{- end }}

{{/* Where a key is. Call with (dict "root" $ "key" "DATABASE_URL"). */}}
{{- define "ta.secretKey" -}}
{{- with get (.root.Values.secret.from | default dict) .key }}
name: {{ .name }}
key: {{ .key }}
{{- else }}
name: {{ include "ta.secretName" .root }}
key: {{ .key }}
{{- end }}
{{- end }}

{{- define "ta.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "ta.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{- define "ta.archiveClaim" -}}
{{- .Values.archive.persistence.existingClaim | default (printf "%s-archive" (include "ta.fullname" .)) }}
{{- end }}

{{/* An image, from the registry that all come from if one is given. Call with (dict "root" $ "image" "…"). */}}
{{- define "ta.reference" -}}
{{- $registry := (.root.Values.global | default dict).imageRegistry }}
{{- $first := .image | splitList "/" | first }}
{{- if not $registry }}
{{- .image }}
{{- else if and (contains "/" .image) (or (contains "." $first) (contains ":" $first) (eq $first "localhost")) }}
{{- printf "%s/%s" $registry (trimPrefix (printf "%s/" $first) .image) }}
{{- else }}
{{- printf "%s/%s" $registry .image }}
{{- end }}
{{- end }}

{{- define "ta.image" -}}
{{- $tag := required "image.tag: an image needs a tag" .Values.image.tag }}
{{- $digest := .Values.image.digest | default "" }}
{{- include "ta.reference" (dict "root" . "image" (printf "%s:%s%s" .Values.image.repository $tag (ternary (printf "@%s" $digest) "" (ne $digest "")))) }}
{{- end }}

{{/* Every object has the six recommended labels. Call with (dict "root" $ "component" "api"). */}}
{{- define "ta.labels" -}}
{{ include "ta.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | replace "+" "_" | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/part-of: technical-analysis
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimAll "-_." }}
{{- end }}

{{/* What Deployments and Services select by: never a version, for selectors cannot be changed. */}}
{{- define "ta.selector" -}}
app.kubernetes.io/name: technical-analysis
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of this release's pods of one app, for what selects more than one component. */}}
{{- define "ta.app" -}}
{ app: {{ .app }}, app.kubernetes.io/instance: {{ .root.Release.Name }} }
{{- end }}

{{/* `helm install` takes over objects that `kubectl apply -f k8s/` made, because they carry these. */}}
{{- define "ta.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- if .extraLabels }}
  {{- toYaml (merge (deepCopy .extraLabels) (include "ta.labels" . | fromYaml) (ternary (dict "app" .app) dict (not (empty .app)))) | nindent 2 }}
  {{- else }}
  {{- include "ta.labels" . | nindent 2 }}
  {{- with .app }}
  app: {{ . }}
  {{- end }}
  {{- end }}
annotations:
  meta.helm.sh/release-name: {{ .root.Release.Name }}
  meta.helm.sh/release-namespace: {{ .root.Release.Namespace }}
  {{- with .annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What a client can write to be read as a header that proxies set: to the program, `_` in a name is `-`. */}}
{{- define "ta.spoofed" -}}
{{- range $last := list "For" "Proto" }}
- X_Forwarded_{{ $last }}
- X-Forwarded_{{ $last }}
- X_Forwarded-{{ $last }}
{{- end }}
{{- end }}
