{{/* A quantity as the API server stores it, with the largest suffix with which it is whole: in another form, who applied
k8s/ before would have a conflict with himself under Helm 4. One that is finer than that is left as it is. */}}
{{- define "ta.quantity" -}}
{{- $text := kindIs "string" . | ternary . (float64 . | printf "%.3f") }}
{{- $number := regexFind "^[0-9.]+" $text }}
{{- $unit := regexFind "[A-Za-z]*$" $text }}
{{- $binary := hasSuffix "i" $unit }}
{{- $step := ternary 1024 1000 $binary }}
{{- $larger := ternary (list "Ki" "Mi" "Gi" "Ti") (list "" "k" "M" "G" "T") $binary }}
{{- $amount := $number | float64 }}
{{- $reached := eq $unit "m" }}
{{- range $larger }}
{{- if not $reached }}
{{- $amount = mulf $amount $step }}
{{- $reached = eq . $unit }}
{{- end }}
{{- end }}
{{- $whole := round $amount 0 | int64 }}
{{- if not (eq (round $amount 3) (float64 $whole)) }}
{{- . }}
{{- else if not $whole }}
{{- 0 }}
{{- else }}
{{- $suffix := ternary "" "m" $binary }}
{{- $on := true }}
{{- range $larger }}
{{- $on = and $on (eq (mod $whole $step) 0) }}
{{- if $on }}
{{- $whole = div $whole $step }}
{{- $suffix = . }}
{{- end }}
{{- end }}
{{- printf "%d%s" $whole $suffix }}
{{- end }}
{{- end }}

{{- define "ta.resources" -}}
{{- $made := deepCopy . }}
{{- range $bound, $given := . }}
{{- range $name, $quantity := $given }}
{{- $_ := set (get $made $bound) $name (include "ta.quantity" $quantity) }}
{{- end }}
{{- end }}
{{- toYaml $made }}
{{- end }}

{{/* A quantity of memory in whole MiB. */}}
{{- define "ta.mebibytes" -}}
{{- $text := include "ta.quantity" . }}
{{- $number := regexFind "^[0-9.]+" $text | float64 }}
{{- $unit := regexFind "[A-Za-z]*$" $text }}
{{- $bytes := dict "" 1.0 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 }}
{{- divf (mulf $number (get $bytes $unit)) 1048576 | floor | int64 }}
{{- end }}

{{/* What a worker child may hold where its pod has less than config.WORKER_MEMORY_MB for each: the rest of the limit,
once the parent has its 200 MiB. Nothing where config's number fits. */}}
{{- define "ta.childMemory" -}}
{{- $most := .root.Values.config.WORKER_MEMORY_MB | default 2000 | int64 }}
{{- with (.worker.resources.limits | default dict).memory }}
{{- $share := div (sub (include "ta.mebibytes" . | int64) 200) $.worker.concurrency }}
{{- if lt $share 250 }}
{{- fail (printf "workers.%s: a memory limit of %s is too little for %v children; give more, or lower concurrency" $.queue . $.worker.concurrency) }}
{{- end }}
{{- if and $most (lt $share $most) }}{{ $share }}{{ end }}
{{- end }}
{{- end }}

{{/* maxmemory of the broker: below the pod's limit, so that it refuses what is too much and is not killed for it. */}}
{{- define "ta.brokerMemory" -}}
{{- $limit := include "ta.mebibytes" ((.Values.redis.resources.limits | default dict).memory | default "1Gi") | int64 }}
{{- $most := .Values.redis.maxMemoryMegabytes | default (div (mul $limit 7) 10) | int64 }}
{{- if gt $most (div (mul $limit 9) 10) }}
{{- fail (printf "redis.maxMemoryMegabytes: %v is too near to the memory limit of %v MiB; leave a tenth of it" $most $limit) }}
{{- end }}
{{- $most }}
{{- end }}
