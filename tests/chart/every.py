"""Every value of the chart, set to something that can be found again in what is rendered."""

from typing import Any

Values = dict[str, Any]


def beside(name: str, volume: str) -> Values:
    """Return a container that a pod under `restricted` may have."""
    return {
        "name": name,
        "image": f"example.org/{name}:1",
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "20m", "memory": "32Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": volume, "mountPath": "/beside"}],
    }


def workload(who: str, variable: str = "RETENTION_DEFAULT", volume: str = "tmp") -> Values:
    """Return every key that a workload takes for its pods."""
    expressions = [{"key": f"zone-{who}", "operator": "Exists"}]
    wish = {"weight": 1, "preference": {"matchExpressions": expressions}}
    return {
        "podLabels": {f"example.org/{who}": f"label-{who}"},
        "podAnnotations": {f"example.org/{who}": f"note-{who}"},
        "nodeSelector": {f"example.org/{who}": f"node-{who}"},
        "tolerations": [{"key": f"taint-{who}", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}},
        "priorityClassName": f"priority-{who}",
        "dnsPolicy": "Default",
        "dnsConfig": {"searches": [f"{who}.example.org"]},
        "imagePullSecrets": [{"name": f"pull-{who}"}],
        "extraEnv": [{"name": variable, "value": f"env-{who}"}],
        "extraEnvFrom": [{"configMapRef": {"name": f"env-from-{who}"}}],
        "extraVolumes": [{"name": f"volume-{who}", "configMap": {"name": f"map-{who}"}}],
        "extraVolumeMounts": [{"name": f"volume-{who}", "mountPath": f"/mnt/{who}"}],
        "initContainers": [beside(f"init-{who}", volume)],
        "sidecars": [beside(f"side-{who}", volume)],
    }


def once(who: str) -> Values:
    """Return every key that a Job takes for its pods: a sidecar would never let it end."""
    return {key: value for key, value in workload(who).items() if key != "sidecars"}


def spread(over: str) -> Values:
    """Return a demand for pods on different nodes, without saying which pods are meant."""
    return {"maxSkew": 3, "topologyKey": f"example.org/{over}", "whenUnsatisfiable": "DoNotSchedule"}


def resources(number: int) -> Values:
    """Return quantities that nobody else has."""
    most = {"cpu": f"{number + 1000}m", "memory": f"{number + 2001}Mi"}
    return {"resources": {"requests": {"cpu": f"{number}m", "memory": f"{number}Mi"}, "limits": most}}


OBJECT = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {
        "name": "{{ .Release.Name }}-extra",
        "namespace": "{{ .Release.Namespace }}",
        "labels": {
            **{f"app.kubernetes.io/{word}": "extra" for word in ("name", "version", "component", "part-of")},
            "app.kubernetes.io/instance": "{{ .Release.Name }}",
            "app.kubernetes.io/managed-by": "{{ .Release.Service }}",
        },
        "annotations": {
            "meta.helm.sh/release-name": "{{ .Release.Name }}",
            "meta.helm.sh/release-namespace": "{{ .Release.Namespace }}",
        },
    },
    "data": {"key": "an-extra-object"},
}
SCALING = {"enabled": True, "minReplicas": 4, "maxReplicas": 44, "cpuPercent": 71}
# All that can be on together; nothing of it is as in values.yaml.
EVERY: Values = {
    "global": {"imageRegistry": "registry.example.org/mirror"},
    "image": {
        "repository": "ghcr.io/else/gravity_techanalysis",
        "tag": "v9.8.7",
        "digest": f"sha256:{'ab' * 32}",
        "pullPolicy": "Always",
    },
    "serviceAccount": {"create": True, "name": "account", "annotations": {"example.org/role": "a-role"}},
    "secret": {"create": False, "existingSecret": "another-secret"},
    "config": {
        "LOG_LEVEL": "WARNING",
        "DATABASE_POOL_SIZE": "7",
        "WORKER_SOFT_SHUTDOWN_SECONDS": "49",
        "WORKER_MEMORY_MB": "1111",
    },
    "api": {
        "processes": 3,
        "port": 8123,
        "podDisruptionBudget": True,
        "terminationGraceSeconds": 43,
        "serviceAnnotations": {"example.org/service": "of-the-api"},
        "topologySpreadConstraints": [spread("api-rack")],
        "autoscaling": {**SCALING, "memoryPercent": 76, "requestsPerSecond": 1234, "scaleDownSeconds": 301},
        **resources(701),
        **workload("api"),
    },
    "workerScaling": "metric",
    "workerDefaults": {
        "concurrency": 3,
        "topologySpreadConstraints": [spread("worker-rack")],
        "terminationGraceSeconds": 91,
        "autoscaling": {"enabled": True, "minReplicas": 2, "maxReplicas": 12, "cpuPercent": 72, "chunksPerPod": 51},
        "resources": {"requests": {"cpu": "702m", "memory": "702Mi"}, "limits": {"cpu": "1702m", "memory": "3703Mi"}},
        **workload("worker"),
    },
    "workers": {
        "interactive": {"autoscaling": {"minReplicas": 3}},
        "indicators": {"concurrency": 2},
        "patterns": {"terminationGraceSeconds": 92},
        "ml": workload("ml"),
        "maintenance": {"autoscaling": {"enabled": False}, "replicas": 2, "concurrency": 1, **resources(703)},
    },
    "beat": {**resources(704), **workload("beat")},
    "flower": {
        "enabled": True,
        "serviceAnnotations": {"example.org/service": "of-flower"},
        **resources(705),
        **workload("flower"),
    },
    "migrate": {
        "ttlSeconds": 3601,
        "annotations": {"example.org/job": "of-migrations"},
        **resources(706),
        **once("migrate"),
    },
    "redis": {
        "enabled": True,
        "image": "docker.io/library/redis:7.4.5",
        "auth": True,
        "maxMemoryMegabytes": 1024,
        "storage": "6Gi",
        "storageClass": "class-redis",
        **resources(707),
        **workload("redis", "TZ", "data"),
    },
    "cache": {"enabled": True, "maxMemoryMegabytes": 257, **resources(708), **workload("cache", "TZ", "data")},
    "postgres": {
        "enabled": True,
        "image": "docker.io/library/postgres:16.9",
        "storage": "11Gi",
        "storageClass": "class-postgres",
        **resources(709),
        **workload("postgres", "TZ"),
    },
    "models": {
        "version": "3.1.4",
        "sha256": "ab" * 32,
        "existingClaim": "their-models",
        "trainedClaim": "ours",
        "candlesticks": {"version": "3.1.5", "sha256": "cd" * 32},
    },
    "archive": {
        "persistence": {
            "enabled": True,
            "accessModes": ["ReadWriteOnce"],
            "storage": "21Gi",
            "storageClass": "class-archive",
        }
    },
    "backup": {
        "enabled": True,
        "schedule": "18 3 * * *",
        "keepDays": 15,
        "image": "docker.io/library/postgres:16.8",
        "storage": "22Gi",
        "storageClass": "class-backup",
        **resources(710),
        **once("backup"),
    },
    "ingress": {
        "enabled": True,
        "controller": "nginx",
        "className": "class-ingress",
        "host": "one.example.org",
        "extraHosts": ["two.example.org"],
        "tls": True,
        "tlsSecret": "a-certificate",
        "clusterIssuer": "an-issuer",
        "requestsPerSecond": 53,
        "bodyMegabytes": 11,
        "readTimeoutSeconds": 77,
        "annotations": {"example.org/ingress": "of-the-ingress"},
        "extraPaths": [
            {"path": "/more", "pathType": "Prefix", "backend": {"service": {"name": "more", "port": {"number": 8081}}}}
        ],
    },
    "gateway": {
        "enabled": True,
        "parentRefs": [{"name": "a-gateway", "namespace": "gateways"}],
        "hostnames": ["three.example.org"],
        "annotations": {"example.org/route": "of-the-route"},
    },
    "networkPolicy": {
        "enabled": True,
        "ingressNamespace": "ns-ingress",
        "monitoringNamespace": "ns-monitoring",
        "dnsNamespace": "openshift-dns",
        "dnsPorts": [5353],
        "dnsCidrs": ["169.254.20.10/32"],
        "extraEgress": [{"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"protocol": "TCP", "port": 8444}]}],
    },
    "monitoring": {
        "enabled": True,
        "interval": "17s",
        "dashboard": True,
        "labels": {"release": "a-prometheus"},
        "runbooks": "https://runbooks.example.org",
    },
    **workload("all", "CHUNK_TARGET_MILLISECONDS"),
    "extraObjects": [OBJECT],
}
# A broker, a cache, a database, an account and a volume that are yours, on a platform that gives the users.
ELSEWHERE: Values = {
    "serviceAccount": {"create": False, "name": "their-account"},
    "secret": {
        "create": True,
        "existingSecret": "",
        "brokerUrl": "sentinel://sentinel.example.org:26379",
        "cacheUrl": "rediss://cache.example.org:6380/1",
        "databaseUrl": "postgresql://postgres.example.org/gravity?sslmode=verify-full&sslrootcert=/ca/ca.crt",
    },
    "config": {"BROKER_MASTER_NAME": "a-master"},
    "api": {
        "replicas": 6,
        "podDisruptionBudget": False,
        "autoscaling": {"enabled": False},
        "verticalAutoscaler": "InPlaceOrRecreate",
    },
    "workerScaling": "keda",
    "workerDefaults": {"autoscaling": {"chunksPerPod": 52}},
    "workers": {"ml": {"replicas": 0, "autoscaling": {"enabled": False}}},
    "flower": {"enabled": False},
    "migrate": {"ttlSeconds": None},
    "redis": {"enabled": False},
    "cache": {"enabled": False},
    "archive": {"persistence": {"enabled": True, "existingClaim": "their-claim"}},
    "networkPolicy": {
        "databasePort": 5433,
        "databaseCidrs": ["198.51.100.0/24"],
        "redisPorts": [6380, 26379],
        "redisCidrs": ["203.0.113.0/24"],
    },
    "fixedUser": False,
    "extraVolumes": [{"name": "ca", "secret": {"secretName": "our-ca"}}],
    "extraVolumeMounts": [{"name": "ca", "mountPath": "/ca", "readOnly": True}],
}
