{{/* Every object has the six recommended labels. Call with (dict "root" $ "component" "api"). */}}
{{- define "ta.labels" -}}
{{ include "ta.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: technical-analysis
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* What Deployments and Services select by: never a version, for selectors cannot be changed. */}}
{{- define "ta.selector" -}}
app.kubernetes.io/name: technical-analysis
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* `helm install` takes over objects that `kubectl apply -f k8s/` made, because they carry these. */}}
{{- define "ta.meta" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "ta.labels" . | nindent 2 }}
  {{- with .app }}
  app: {{ . }}
  {{- end }}
  {{- with .extraLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  meta.helm.sh/release-name: {{ .root.Release.Name }}
  meta.helm.sh/release-namespace: {{ .root.Release.Namespace }}
  {{- with .annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "ta.image" -}}
{{ .Values.image.repository }}:{{ required "image.tag: an image needs a tag" .Values.image.tag }}
{{- end }}

{{- define "ta.secretName" -}}
{{- if .Values.secret.create -}}
technical-analysis-secret
{{- else -}}
{{ required "secret.existingSecret: name the secret, or set secret.create" .Values.secret.existingSecret }}
{{- end -}}
{{- end }}

{{- define "ta.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- define "ta.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "ta.secretEnv" -}}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      name: {{ include "ta.secretName" .root }}
      key: {{ .key }}
{{- end }}

{{/* The environment of every process of the program; the rest is the ConfigMap. */}}
{{- define "ta.env" -}}
{{ include "ta.secretEnv" (dict "root" . "key" "SECRET_KEY") }}
{{ include "ta.secretEnv" (dict "root" . "key" "JWT_SECRET") }}
{{ include "ta.secretEnv" (dict "root" . "key" "DATABASE_URL") }}
{{- if .Values.redis.auth }}
{{ include "ta.secretEnv" (dict "root" . "key" "REDIS_PASSWORD") }}
- name: BROKER_URL
  value: redis://:$(REDIS_PASSWORD)@redis-service:6379/0
- name: CACHE_URL
  value: redis://:$(REDIS_PASSWORD)@redis-cache:6379/0
{{- end }}
{{- end }}

{{- define "ta.envFrom" -}}
- configMapRef:
    name: technical-analysis-config
{{- end }}

{{/* Where a pod may write, its root being read-only. /run/gravity outlives a container, so commands wipe its metrics. */}}
{{- define "ta.mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: run, mountPath: /run/gravity }
{{- end }}

{{- define "ta.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 512Mi }
- name: run
  emptyDir: { sizeLimit: 256Mi }
{{- end }}

{{/* Nothing of the program runs on a schema that is older than itself. */}}
{{- define "ta.waitForMigrations" -}}
- name: wait-for-migrations
  image: {{ include "ta.image" . }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  command: [sh, -c, "until python manage.py migrate --check; do echo waiting for migrations; sleep 3; done"]
  env:
    {{- include "ta.env" . | nindent 4 }}
  envFrom:
    {{- include "ta.envFrom" . | nindent 4 }}
  resources:
    {{- toYaml .Values.migrate.resources | nindent 4 }}
  securityContext:
    {{- include "ta.containerSecurity" . | nindent 4 }}
  volumeMounts:
    {{- include "ta.mounts" . | nindent 4 }}
{{- end }}

{{/* What the pods of the program share, from the account to the place on a node. */}}
{{- define "ta.podSpec" -}}
serviceAccountName: technical-analysis
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "ta.podSecurity" 1000 | nindent 2 }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  {{- include "ta.volumes" . | nindent 2 }}
{{- include "ta.placement" . }}
{{- end }}

{{- define "ta.placement" -}}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "ta.spread" -}}
topologySpreadConstraints:
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

{{- define "ta.podMeta" -}}
labels:
  {{- include "ta.labels" . | nindent 2 }}
  app: technical-analysis
  component: {{ .kind | default .component }}
  {{- with .worker }}
  worker: {{ . }}
  {{- end }}
annotations:
  checksum/config: {{ include "ta.configData" .root | sha256sum }}
{{- end }}
