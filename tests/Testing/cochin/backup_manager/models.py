from django.conf import settings
from django.db import models


class BackupConfiguration(models.Model):
    name = models.CharField(max_length=100)
    backup_type = models.CharField(max_length=20)
    frequency = models.CharField(max_length=20)
    retention_days = models.PositiveIntegerField(default=30)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)


class BackupHistory(models.Model):
    configuration = models.ForeignKey(BackupConfiguration, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=20)
    file_path = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)


class RestoreHistory(models.Model):
    backup = models.ForeignKey(BackupHistory, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)


class UploadedBackup(models.Model):
    file_path = models.CharField(max_length=255)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)


class ExternalRestoration(models.Model):
    uploaded_backup = models.ForeignKey(UploadedBackup, null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=20)
