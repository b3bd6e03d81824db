from django.urls import path

from documents.consumers import EventsConsumer, JobConsumer

websocket_urlpatterns = [
    path("ws/jobs/<uuid:job_id>", JobConsumer.as_asgi()),
    path("ws/events", EventsConsumer.as_asgi()),
    path("api/v1/batch/ws/<uuid:job_id>", JobConsumer.as_asgi()),
]
