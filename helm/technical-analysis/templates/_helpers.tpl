{{/* What pods share. A part is (dict "root" $ "component" "api" "own" .Values.api …); `own` may have every key that the
values have for all pods: its lists are added to those, its maps win over them, its other values replace them. */}}

{{/* A list of the part, or nothing. Call with (dict "part" $part "key" "tolerations"). */}}
{{- define "ta.list" -}}
{{- $all := concat (get .part.root.Values .key | default list) (get (.part.own | default dict) .key | default list) }}
{{- if $all }}{{ toYaml $all }}{{ end }}
{{- end }}

{{- define "ta.map" -}}
{{- $all := mergeOverwrite (deepCopy (get .part.root.Values .key | default dict)) (deepCopy (get (.part.own | default dict) .key | default dict)) }}
{{- if $all }}{{ toYaml $all }}{{ end }}
{{- end }}

{{- define "ta.one" -}}
{{- get (.part.own | default dict) .key | default (get .part.root.Values .key) }}
{{- end }}

{{- define "ta.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* Call with (dict "root" $ "user" 1000). */}}
{{- define "ta.podSecurity" -}}
runAsNonRoot: true
{{- if .root.Values.fixedUser }}
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "ta.secretEnv" -}}
- name: {{ .name | default .key }}
  valueFrom:
    secretKeyRef:
      {{- include "ta.secretKey" . | trim | nindent 6 }}
{{- end }}

{{/* What every process of the program is told besides the ConfigMap. */}}
{{- define "ta.secrets" -}}
{{ include "ta.secretEnv" (dict "root" . "key" "SECRET_KEY") }}
{{ include "ta.secretEnv" (dict "root" . "key" "JWT_SECRET") }}
{{ include "ta.secretEnv" (dict "root" . "key" "DATABASE_URL") }}
{{- if not .Values.redis.enabled }}
{{ include "ta.secretEnv" (dict "root" . "key" "BROKER_URL") }}
{{- else if .Values.redis.auth }}
{{ include "ta.secretEnv" (dict "root" . "name" "BROKER_PASSWORD" "key" "REDIS_PASSWORD") }}
{{- end }}
{{- if not .Values.cache.enabled }}
{{ include "ta.secretEnv" (dict "root" . "key" "CACHE_URL") }}
{{- else if .Values.redis.auth }}
{{ include "ta.secretEnv" (dict "root" . "name" "CACHE_PASSWORD" "key" "REDIS_PASSWORD") }}
{{- end }}
{{- end }}

{{/* The part's whole environment; `env` of the part is what only its own container is told. */}}
{{- define "ta.env" -}}
{{- $all := concat (include "ta.secrets" .root | fromYamlArray) (.env | default list) (include "ta.list" (dict "part" . "key" "extraEnv") | fromYamlArray) }}
{{- $seen := dict }}
{{- range $all }}
{{- if hasKey $seen .name }}
{{- fail (printf "extraEnv: %s is set already, by the chart or twice" .name) }}
{{- end }}
{{- $_ := set $seen .name true }}
{{- end }}
{{- toYaml $all }}
{{- end }}

{{/* The names of a pod's volumes; what is there twice, or mounted without being there, would stop the roll-out halfway. */}}
{{- define "ta.checkVolumes" -}}
{{- $names := list "tmp" "run" }}
{{- $paths := list "/tmp" "/run/gravity" }}
{{- if .archive }}
{{- range $name, $is := dict "archive" .root.Values.archive.persistence.enabled "models" .root.Values.models.existingClaim "trained-models" .root.Values.models.trainedClaim }}
{{- if $is }}
{{- $names = append $names $name }}
{{- $paths = append $paths (printf "/%s" $name) }}
{{- end }}
{{- end }}
{{- end }}
{{- range include "ta.list" (dict "part" . "key" "extraVolumes") | fromYamlArray }}
{{- if has .name $names }}
{{- fail (printf "extraVolumes: %s is there already, of the chart or twice" .name) }}
{{- end }}
{{- $names = append $names .name }}
{{- end }}
{{- range include "ta.list" (dict "part" . "key" "extraVolumeMounts") | fromYamlArray }}
{{- $path := trimSuffix "/" .mountPath }}
{{- if not (has .name $names) }}
{{- fail (printf "extraVolumeMounts: there is no volume %s; give it in extraVolumes" .name) }}
{{- end }}
{{- if has $path $paths }}
{{- fail (printf "extraVolumeMounts: %s is mounted already, by the chart or twice" $path) }}
{{- end }}
{{- $paths = append $paths $path }}
{{- end }}
{{- end }}

{{/* Image, environment, what it may use and where it may write, of a container of the program. */}}
{{- define "ta.container" -}}
image: {{ include "ta.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
env:
  {{- include "ta.env" . | nindent 2 }}
envFrom: # of what several name the last one holds
  - configMapRef:
      name: {{ include "ta.modelsName" .root }}
  - configMapRef:
      name: {{ include "ta.fullname" .root }}-config
  {{- with include "ta.list" (dict "part" . "key" "extraEnvFrom") }}
  {{- . | nindent 2 }}
  {{- end }}
resources:
  {{- include "ta.resources" .resources | nindent 2 }}
securityContext:
  {{- include "ta.containerSecurity" . | nindent 2 }}
volumeMounts: # its root being read-only; /run/gravity outlives a container, so commands wipe its metrics
  - { name: tmp, mountPath: /tmp }
  - { name: run, mountPath: /run/gravity }
  {{- if and .archive .root.Values.archive.persistence.enabled }}
  - { name: archive, mountPath: /archive }
  {{- end }}
  {{- if and .archive .root.Values.models.existingClaim }}
  - { name: models, mountPath: /models, readOnly: true }
  {{- end }}
  {{- if and .archive .root.Values.models.trainedClaim }}
  - { name: trained-models, mountPath: /trained-models }
  {{- end }}
  {{- with include "ta.list" (dict "part" . "key" "extraVolumeMounts") }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Nothing of the program runs on a schema that is older than itself. */}}
{{- define "ta.initContainers" -}}
{{- with include "ta.list" (dict "part" . "key" "initContainers") }}
{{- . }}
{{- end }}
- name: wait-for-migrations
  command: [sh, /app/docker/start.sh, wait]
  {{- include "ta.container" (dict "root" .root "own" .own "resources" .root.Values.migrate.resources) | nindent 2 }}
{{- end }}

{{- define "ta.sidecars" -}}
{{- include "ta.list" (dict "part" . "key" "sidecars") }}
{{- end }}

{{/* What every pod has, from the account to the place on a node. */}}
{{- define "ta.everyPod" -}}
serviceAccountName: {{ include "ta.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- range $key := list "imagePullSecrets" "tolerations" }}
{{- with include "ta.list" (dict "part" $ "key" $key) }}
{{ $key }}:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "nodeSelector" "affinity" "dnsConfig" }}
{{- with include "ta.map" (dict "part" $ "key" $key) }}
{{ $key }}:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "priorityClassName" "dnsPolicy" }}
{{- with include "ta.one" (dict "part" $ "key" $key) }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* What the pods of the program share. */}}
{{- define "ta.podSpec" -}}
{{- include "ta.checkVolumes" . -}}
{{ include "ta.everyPod" . }}
securityContext:
  {{- include "ta.podSecurity" (dict "root" .root "user" 1000) | nindent 2 }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: 512Mi }
  - name: run
    emptyDir: { sizeLimit: 256Mi }
  {{- if and .archive .root.Values.archive.persistence.enabled }}
  - name: archive
    persistentVolumeClaim: { claimName: {{ include "ta.archiveClaim" .root }} }
  {{- end }}
  {{- if and .archive .root.Values.models.existingClaim }}
  - name: models
    persistentVolumeClaim: { claimName: {{ .root.Values.models.existingClaim }}, readOnly: true }
  {{- end }}
  {{- if and .archive .root.Values.models.trainedClaim }}
  - name: trained-models
    persistentVolumeClaim: { claimName: {{ .root.Values.models.trainedClaim }} }
  {{- end }}
  {{- with include "ta.list" (dict "part" . "key" "extraVolumes") }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where the part says nothing of its own: over nodes and zones, as far as that can be. */}}
{{- define "ta.spread" -}}
topologySpreadConstraints:
  {{- $selector := dict "matchLabels" (include "ta.selector" . | fromYaml | merge (ternary (dict "worker" .worker) dict (hasKey . "worker"))) }}
  {{- range .own.topologySpreadConstraints }}
  - {{- merge (deepCopy .) (dict "labelSelector" $selector) | toYaml | nindent 4 }}
  {{- else }}
  {{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "ta.selector" $ | nindent 8 }}
        {{- with $.worker }}
        worker: {{ . }}
        {{- end }}
  {{- end }}
  {{- end }}
{{- end }}

{{/* What tells other addresses in the chart's own secret; short, so that no password can be guessed by it. */}}
{{- define "ta.addresses" -}}
{{- $given := pick .Values.secret "databaseUrl" "brokerUrl" "cacheUrl" }}
{{- if and .Values.secret.create (values $given | join "") }}
{{- toJson $given | sha256sum | trunc 8 }}
{{- end }}
{{- end }}

{{/* Labels and annotations of a pod; the program's are made anew when its configuration changes. What is no part of the
program (no `kind`) is not told the chart's version, for a Redis or a PostgreSQL would be ended with every new one. */}}
{{- define "ta.podMeta" -}}
{{- $own := merge (dict "app" "" "component" "" "worker" "") (include "ta.labels" . | fromYaml) }}
{{- range $key, $_ := include "ta.map" (dict "part" . "key" "podLabels") | fromYaml }}
{{- if hasKey $own $key }}
{{- fail (printf "podLabels: %s is the chart's own: Services and network policies find the pods by such labels" $key) }}
{{- end }}
{{- end }}
{{- $notes := include "ta.map" (dict "part" . "key" "podAnnotations") }}
{{- range list "checksum/config" "checksum/addresses" }}
{{- if hasKey ($notes | fromYaml) . }}
{{- fail (printf "podAnnotations: %s is the chart's own" .) }}
{{- end }}
{{- end }}
{{- $addresses := "" }}
{{- if or .restarts (eq .component "migrate") }}
{{- $addresses = include "ta.addresses" .root }}
{{- end -}}
labels:
  {{- if .kind }}
  {{- include "ta.labels" . | nindent 2 }}
  {{- else }}
  {{- include "ta.selector" . | nindent 2 }}
  app.kubernetes.io/part-of: technical-analysis
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  {{- end }}
  app: {{ .app }}
  {{- with .kind }}
  component: {{ . }}
  {{- end }}
  {{- with .worker }}
  worker: {{ . }}
  {{- end }}
  {{- with include "ta.map" (dict "part" . "key" "podLabels") }}
  {{- . | nindent 2 }}
  {{- end }}
{{- if or .restarts $notes $addresses }}
annotations:
  {{- if .restarts }}
  checksum/config: {{ print (include "ta.configData" .root) (include "ta.modelsData" .root) | sha256sum }}
  {{- end }}
  {{- with $addresses }}
  checksum/addresses: {{ . | quote }}
  {{- end }}
  {{- with $notes }}
  {{- . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}
