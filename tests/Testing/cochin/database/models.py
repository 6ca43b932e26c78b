from django.conf import settings
from django.db import models


class DynamicTable(models.Model):
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class DynamicField(models.Model):
    table = models.ForeignKey(DynamicTable, on_delete=models.CASCADE, related_name='fields')
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    field_type = models.CharField(max_length=30)
    is_required = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    related_table = models.ForeignKey(DynamicTable, null=True, blank=True, on_delete=models.SET_NULL, related_name='+')

    class Meta:
        unique_together = [('table', 'slug')]


class DynamicRecord(models.Model):
    table = models.ForeignKey(DynamicTable, on_delete=models.CASCADE, related_name='records')
    custom_id = models.IntegerField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)


class DynamicValue(models.Model):
    record = models.ForeignKey(DynamicRecord, on_delete=models.CASCADE, related_name='values')
    field = models.ForeignKey(DynamicField, on_delete=models.CASCADE)
    value = models.TextField(null=True, blank=True)
