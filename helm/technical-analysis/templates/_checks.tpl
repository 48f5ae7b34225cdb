{{/* What contradicts itself is refused before anything is installed, with one line that says what to do. */}}
{{- define "ta.checks" -}}
{{- $queues := list "interactive" "indicators" "patterns" "ml" "maintenance" }}
{{- range $queue, $_ := .Values.workers }}
{{- if not (has $queue $queues) }}
{{- fail (printf "workers.%s: there is no such queue; there are %s" $queue (join ", " $queues)) }}
{{- end }}
{{- end }}
{{- range $queue := $queues }}
{{- if not (hasKey $.Values.workers $queue) }}
{{- fail (printf "workers.%s: without it nobody works on its queue, and jobs in it wait for ever; to stop it set workers.%s.autoscaling.enabled=false and workers.%s.replicas=0" $queue $queue $queue) }}
{{- end }}
{{- end }}
{{- include "ta.checkArchive" . }}
{{- include "ta.checkScaling" . }}
{{- include "ta.checkEnds" . }}
{{- include "ta.checkSecret" . }}
{{- include "ta.checkNames" . }}
{{- end }}

{{/* An archive inside a pod is lost with it. */}}
{{- define "ta.checkArchive" -}}
{{- $path := .Values.config.ARCHIVE_DIR | default "" | toString }}
{{- if and $path (not .Values.archive.persistence.enabled) }}
{{- $parts := dict "api" .Values.api }}
{{- range $queue, $own := .Values.workers }}
{{- $_ := set $parts (printf "workers.%s" $queue) (mustMergeOverwrite (deepCopy $.Values.workerDefaults) (deepCopy ($own | default dict))) }}
{{- end }}
{{- range $name, $own := $parts }}
{{- $found := false }}
{{- range concat ($.Values.extraVolumeMounts | default list) ($own.extraVolumeMounts | default list) }}
{{- if hasPrefix (printf "%s/" (trimSuffix "/" .mountPath)) (printf "%s/" (trimSuffix "/" $path)) }}{{ $found = true }}{{ end }}
{{- end }}
{{- if not $found }}
{{- fail (printf "config.ARCHIVE_DIR: %s is inside the pods of %s and lost with them; set archive.persistence.enabled, or mount a volume there (extraVolumes, extraVolumeMounts)" $path $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "ta.checkScaling" -}}
{{- if eq .Values.workerScaling "keda" }}
{{- $scaled := false }}
{{- range $queue, $own := .Values.workers }}
{{- if (mustMergeOverwrite (deepCopy $.Values.workerDefaults) (deepCopy ($own | default dict))).autoscaling.enabled }}{{ $scaled = true }}{{ end }}
{{- end }}
{{- if not $scaled }}
{{- fail "workerScaling: keda has nothing to scale; set workerDefaults.autoscaling.enabled=true and workerDefaults.replicas=null" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Who is killed before running chunks have ended hands nothing back. */}}
{{- define "ta.checkEnds" -}}
{{- $seconds := .Values.config.WORKER_SOFT_SHUTDOWN_SECONDS | default 0 | int64 }}
{{- range $queue, $own := .Values.workers }}
{{- $grace := (mustMergeOverwrite (deepCopy $.Values.workerDefaults) (deepCopy ($own | default dict))).terminationGraceSeconds | int64 }}
{{- if ge $seconds $grace }}
{{- fail (printf "config.WORKER_SOFT_SHUTDOWN_SECONDS: %d is not below workers.%s.terminationGraceSeconds (%d)" $seconds $queue $grace) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Only where there is a cluster to look at: what the secret lacks would stop every pod. */}}
{{- define "ta.checkSecret" -}}
{{- $keys := include "ta.secretKeys" . | fromJsonArray }}
{{- range $key, $_ := .Values.secret.from }}
{{- if not (has $key $keys) }}
{{- fail (printf "secret.from.%s: nothing asks for it, as redis, cache and flower are set" $key) }}
{{- end }}
{{- if and (eq $key "DATABASE_URL") $.Values.postgres.enabled }}
{{- fail "secret.from.DATABASE_URL: postgres.enabled brings a database of its own; one of the two" }}
{{- end }}
{{- end }}
{{- range $key := $keys }}
{{- if or (not $.Values.secret.create) (hasKey ($.Values.secret.from | default dict) $key) }}
{{- $where := include "ta.secretKey" (dict "root" $ "key" $key) | fromYaml }}
{{- with lookup "v1" "Secret" $.Release.Namespace $where.name }}
{{- if not (hasKey (.data | default dict) $where.key) }}
{{- fail (printf "secret %s has no key %s" $where.name $where.key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* A release may be called 9.a, a Service may not. Until 1.1 every release had the guide's names; one of another name
keeps them only if it is told to. */}}
{{- define "ta.checkNames" -}}
{{- $full := include "ta.fullname" . }}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $full) }}
{{- fail (printf "fullnameOverride: %s can be no Service's name, which has letters, digits and hyphens and begins with a letter; give another" $full) }}
{{- end }}
{{- if and .Release.IsUpgrade (ne (include "ta.fullname" .) "technical-analysis") }}
{{- with lookup "apps/v1" "Deployment" .Release.Namespace "technical-analysis" }}
{{- if eq (.metadata.annotations | default dict | dig "meta.helm.sh/release-name" "") $.Release.Name }}
{{- fail (printf "fullnameOverride: the objects of the release %s are called technical-analysis; keep that with fullnameOverride=technical-analysis" $.Release.Name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
