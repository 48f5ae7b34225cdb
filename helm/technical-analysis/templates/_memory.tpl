{{/* A quantity of memory in whole MiB. */}}
{{- define "ta.mebibytes" -}}
{{- $number := regexFind "^[0-9.]+" (toString .) | float64 }}
{{- $unit := regexFind "[A-Za-z]*$" (toString .) }}
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
